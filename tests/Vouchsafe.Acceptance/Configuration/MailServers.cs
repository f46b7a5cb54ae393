using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Vouchsafe.Configuration;
using Vouchsafe.Mail;
using Xunit;

namespace Vouchsafe.Acceptance.Configuration;

/// <summary>
/// <c>Vouchsafe:Mail</c>: what starts, what doesn't, and what is said of it. No message repeats a password.
/// </summary>
public sealed class MailServers
{
    [Theory]
    [InlineData("Host is missing", "Production")]
    [InlineData("Host is missing", "Development", "Mailbox=false")]
    [InlineData("Mailbox is true or false", "Development", "Mailbox=perhaps")]
    [InlineData("are both set", "Development", "Mailbox=true", "Host=mail.example")]
    [InlineData("refused in production", "Production", "Mailbox=true")]
    [InlineData("From is missing", "Production", "Host=mail.example")]
    [InlineData("no way to send without TLS", "Production", "Host=mail.example", "From=a@b.example", "Tls=none")]
    [InlineData("no way to send without TLS", "Production", "Host=mail.example", "From=a@b.example", "Tls=STARTTLS?")]
    [InlineData("whole number from 1 to 65535", "Production", "Host=mail.example", "From=a@b.example", "Port=0")]
    [InlineData("whole number from 1 to 65535", "Production", "Host=mail.example", "From=a@b.example", "Port=+25")]
    [InlineData("whole number from 1 to 65535", "Production", "Host=mail.example", "From=a@b.example", "Port=65536")]
    [InlineData("Host is not a host name", "Production", "Host=mail example", "From=a@b.example")]
    [InlineData("From:", "Production", "Host=mail.example", "From=nobody")]
    [InlineData("From is an address in ASCII", "Production", "Host=mail.example", "From=õ@b.example")]
    [InlineData("FromName is one line", "Production", "Host=mail.example", "From=a@b.example", "FromName=a\nBcc: b")]
    [InlineData("given together", "Production", "Host=mail.example", "From=a@b.example", "User=outbox")]
    [InlineData("given together", "Production", "Host=mail.example", "From=a@b.example", "Password=tell-nobody")]
    [InlineData("no control characters", "Production", "Host=mail.example", "From=a@b.example", "User=outbox", "Password=tell-nobody\r\nDATA")]
    [InlineData("are both set", "Production", "Host=mail.example", "From=a@b.example", "User=outbox", "Password=tell-nobody", "PasswordFile=/nowhere")]
    [InlineData("PasswordFile can't be read", "Production", "Host=mail.example", "From=a@b.example", "User=outbox", "PasswordFile=/nowhere/at/all")]
    public void A_wrong_one_stops_the_start_and_says_what_is_wrong(string expected, string environment, params string[] settings)
    {
        var wrong = Assert.Throws<ConfigurationException>(() => Read(environment, settings));
        Assert.Contains(expected, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("tell-nobody", wrong.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_right_one_has_the_usual_port_of_its_encryption_and_the_password_from_its_file()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "from the file\r\n");
            var server = Read("Production", "Host=mail.example", "From=a@b.example", "User=outbox", "PasswordFile=" + file).Smtp!;
            Assert.Equal((587, SmtpTls.StartTls, "from the file"), (server.Port, server.Tls, server.Password));
            Assert.DoesNotContain("from the file", server.ToString(), StringComparison.Ordinal);
            File.WriteAllText(file, new string('x', 5000));
            Assert.Contains("no password", Assert.Throws<ConfigurationException>(() =>
                Read("Production", "Host=mail.example", "From=a@b.example", "User=outbox", "PasswordFile=" + file)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
        var hidden = Read("Production", "Host=mail.example", "From=a@b.example", "Tls=implicit").Smtp!;
        Assert.Equal((465, SmtpTls.Implicit, null), (hidden.Port, hidden.Tls, hidden.User));
        Assert.Equal(2525, Read("Production", "Host=mail.example", "From=a@b.example", "Port=2525").Smtp!.Port);
    }

    [Fact]
    public void In_development_the_mailbox_takes_everything_and_a_migration_sends_nothing()
    {
        Assert.Null(Read("Development", "Mailbox=true").Smtp);
        Assert.Null(Read("Production", ":Migrate=true").Smtp);
    }

    private static MailOptions Read(string environment, params string[] settings)
    {
        var values = settings.Select(setting => setting.Split('=', 2))
            .ToDictionary(pair => pair[0].StartsWith(':') ? "Vouchsafe" + pair[0] : "Vouchsafe:Mail:" + pair[0], pair => (string?)pair[1]);
        return MailSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), new Environment(environment));
    }

    private sealed class Environment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "test";

        public string ContentRootPath { get; set; } = "/";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
