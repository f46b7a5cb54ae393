using Vouchsafe.Mail.Messages;

namespace Vouchsafe.Mail;

/// <summary>Where mail goes, and how patiently.</summary>
public sealed record MailOptions
{
    /// <summary>The mail server; null: the development mailbox, which shows messages instead of sending them.</summary>
    public SmtpOptions? Smtp { get; init; }

    /// <summary>Messages that a node sends at once.</summary>
    public int Concurrency { get; init; } = 4;

    /// <summary>After as many a message is given up: at the retry schedule's pace about seven hours.</summary>
    public int MaxAttempts { get; init; } = 14;

    /// <summary>The longest that one attempt may take, from connecting to the server's last word.</summary>
    /// <remarks>Less than the minutes of RFC 5321, section 4.5.3.2: a server that accepts late gets the message twice, under one Message-ID.</remarks>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long it stays known that, when and how a message went out or died. Its content goes at once.</summary>
    public TimeSpan KeepOutcomesFor { get; init; } = TimeSpan.FromDays(30);
}

/// <summary>A mail server that takes our messages (submission, RFC 6409). TLS with a verified certificate is no option.</summary>
public sealed record SmtpOptions
{
    /// <summary>Also the name that the certificate must carry.</summary>
    public required string Host { get; init; }

    public required int Port { get; init; }

    public required SmtpTls Tls { get; init; }

    /// <summary>The sender of every message.</summary>
    public required string From { get; init; }

    /// <summary>What recipients read beside the sender's address; null: nothing.</summary>
    public string? FromName { get; init; }

    /// <summary>Null: the server asks for no sign-in.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>Certificates (PEM) that are trusted instead of the machine's; null: the machine's.</summary>
    public string? CaFile { get; init; }

    /// <exception cref="ArgumentException">A value can't be used; the message says which, and what it takes.</exception>
    public void Validate()
    {
        if (Uri.CheckHostName(Host) == UriHostNameType.Unknown)
            throw new ArgumentException("Host is not a host name.");
        try
        {
            if (MailAddress.Parse(From).NeedsUtf8)
                throw new ArgumentException("From is an address in ASCII: not every server takes another.");
        }
        catch (InvalidMailException wrong)
        {
            throw new ArgumentException("From: " + wrong.Message, wrong);
        }
        if (FromName is not null && (FromName.Length > MailMessage.MaxSubject || FromName.Any(char.IsControl)))
            throw new ArgumentException($"FromName is one line of at most {MailMessage.MaxSubject} characters.");
        if ((User is null) != (Password is null))
            throw new ArgumentException("User and Password (or PasswordFile) are given together, or neither is.");
        // RFC 4616, section 2: what PLAIN can't carry; line ends would end the exchange.
        if ((User + Password).Any(char.IsControl))
            throw new ArgumentException("User and Password hold no control characters.");
    }

    /// <summary>The password doesn't print itself.</summary>
    public override string ToString() => $"{Host}:{Port}";
}

/// <summary>How the connection becomes encrypted. There is no way to send without.</summary>
public enum SmtpTls
{
    /// <summary>From its first byte (RFC 8314), usually at port 465.</summary>
    Implicit,

    /// <summary>By STARTTLS (RFC 3207), usually at port 587; a server that doesn't offer it gets no message.</summary>
    StartTls,
}
