namespace Vouchsafe.Mail;

/// <summary>Puts one message on its way.</summary>
public interface IMailSender
{
    /// <summary>Returns once somebody else has taken responsibility for the message (RFC 5321, section 6.1).</summary>
    /// <exception cref="MailDeliveryException">It was not taken.</exception>
    Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken);
}

/// <summary>A message with what stays the same however often it is tried.</summary>
/// <param name="Id">Becomes the Message-ID, by which a mailbox tells a repetition from a second message.</param>
/// <param name="Date">When it was enqueued; becomes the Date field.</param>
public sealed record OutgoingMail(Guid Id, DateTimeOffset Date, MailMessage Message)
{
    public override string ToString() => $"mail {Id}";
}

/// <summary>A message was not taken. Carries a code, never the server's words, an address or content.</summary>
/// <param name="fault">What a further attempt can expect.</param>
/// <param name="code">A reply code with its enhanced status where there is one (<c>550 5.1.1</c>), or a code of ours (<c>tls-untrusted</c>).</param>
public sealed class MailDeliveryException(MailFault fault, string code, Exception? inner = null)
    : Exception($"The mail was not taken: {code} ({fault}).", inner)
{
    public MailFault Fault { get; } = fault;

    public string Code { get; } = code;
}

/// <summary>Why a message was not taken.</summary>
public enum MailFault
{
    /// <summary>It may be taken later: the server is away, busy, or asks to be tried again.</summary>
    Transient,

    /// <summary>The server refuses this message or its recipient for good.</summary>
    Permanent,

    /// <summary>No message can be sent until somebody changes the set-up: certificate, password, sender. Tried again, as it isn't the message's fault.</summary>
    Configuration,
}
