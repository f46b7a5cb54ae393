using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Vouchsafe.Mail;

namespace Vouchsafe.Configuration;

/// <summary>Reads <c>Vouchsafe:Mail</c>.</summary>
internal static class MailSettings
{
    private const long MaxSecretFile = 4096;

    /// <exception cref="ConfigurationException">There is no mail server and no development mailbox, or a value can't be used.</exception>
    public static MailOptions Read(IConfiguration configuration, IHostEnvironment environment)
    {
        var section = configuration.GetSection("Vouchsafe:Mail");
        // A migrating process enqueues at most (its seed), and sends nothing.
        if (string.Equals(configuration["Vouchsafe:Migrate"], "true", StringComparison.OrdinalIgnoreCase))
            return new MailOptions();
        var host = section["Host"];
        var mailbox = section["Mailbox"] switch
        {
            null or "" => false,
            { } text => bool.TryParse(text, out var said) ? said : throw new ConfigurationException($"{section.Path}:Mailbox is true or false."),
        };
        if (mailbox && !string.IsNullOrEmpty(host))
            throw new ConfigurationException($"{section.Path}:Host and {section.Path}:Mailbox are both set: mail goes to the server or to the development mailbox.");
        if (mailbox && environment.IsProduction())
            throw new ConfigurationException($"{section.Path}:Mailbox shows every message to anybody who asks, so it is refused in production. Set {section.Path}:Host.");
        if (!string.IsNullOrEmpty(host))
            return new MailOptions { Smtp = Server(section, host) };
        if (!mailbox)
            throw new ConfigurationException(
                $"{section.Path}:Host is missing. Invitations, address confirmations and password resets are sent by mail: name a mail server, or in development set {section.Path}:Mailbox to true.");
        return new MailOptions();
    }

    private static SmtpOptions Server(IConfigurationSection section, string host)
    {
        var tls = section["Tls"] switch
        {
            null or "" or "starttls" => SmtpTls.StartTls,
            "implicit" => SmtpTls.Implicit,
            _ => throw new ConfigurationException($"{section.Path}:Tls is starttls or implicit. There is no way to send without TLS."),
        };
        var options = new SmtpOptions
        {
            Host = host,
            Port = Port(section) ?? (tls == SmtpTls.Implicit ? 465 : 587),
            Tls = tls,
            From = DatabaseSettings.Required(section, "From"),
            FromName = section["FromName"] is { Length: > 0 } name ? name : null,
            User = section["User"] is { Length: > 0 } user ? user : null,
            Password = Password(section),
            CaFile = section["CaFile"] is { Length: > 0 } file ? file : null,
        };
        try
        {
            options.Validate();
            return options;
        }
        catch (ArgumentException wrong)
        {
            throw new ConfigurationException($"{section.Path}: {wrong.Message}");
        }
    }

    private static int? Port(IConfigurationSection section)
    {
        if (section["Port"] is not { Length: > 0 } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? port
            : throw new ConfigurationException($"{section.Path}:Port must be a whole number from 1 to 65535.");
    }

    private static string? Password(IConfigurationSection section)
    {
        var (password, file) = (section["Password"], section["PasswordFile"]);
        if (string.IsNullOrEmpty(file))
            return string.IsNullOrEmpty(password) ? null : password;
        if (!string.IsNullOrEmpty(password))
            throw new ConfigurationException($"{section.Path}:Password and {section.Path}:PasswordFile are both set.");
        try
        {
            if (new FileInfo(file).Length > MaxSecretFile)
                throw new ConfigurationException($"{section.Path}:PasswordFile is longer than {MaxSecretFile} bytes: no password.");
            return File.ReadAllText(file).TrimEnd('\r', '\n');
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{section.Path}:PasswordFile can't be read: {unreadable.Message}");
        }
    }
}
