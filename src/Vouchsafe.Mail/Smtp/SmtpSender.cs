using System.Net.Sockets;
using System.Security.Authentication;
using Vouchsafe.Mail.Messages;

namespace Vouchsafe.Mail.Smtp;

/// <summary>Submits one message over one connection: RFC 5321 over TLS (RFC 3207 or 8314), with RFC 4954 and 6531 where needed.</summary>
/// <remarks>Nothing that the server says leaves this class but its codes.</remarks>
internal sealed class SmtpSender(SmtpOptions options) : IMailSender
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    public async Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        var recipient = mail.Message.Validate();
        var sender = MailAddress.Parse(options.From);
        try
        {
            await using var connection = await SmtpConnection.OpenAsync(options.Host, options.Port, cancellationToken);
            var extensions = await GreetAsync(connection, sender.Domain, cancellationToken);
            if (options.User is not null)
                await SmtpAuthentication.SignInAsync(connection, extensions, options.User, options.Password!, cancellationToken);
            await TransferAsync(connection, extensions, mail, sender, recipient, cancellationToken);
            await QuitAsync(connection, cancellationToken);
        }
        catch (SmtpProtocolException broken)
        {
            throw new MailDeliveryException(MailFault.Transient, "protocol", broken);
        }
        catch (SocketException away)
        {
            throw new MailDeliveryException(MailFault.Transient, "unreachable", away);
        }
        catch (IOException lost)
        {
            throw new MailDeliveryException(MailFault.Transient, "connection-lost", lost);
        }
    }

    /// <summary>From the first byte to an encrypted connection whose server told what it can do.</summary>
    private async Task<SmtpExtensions> GreetAsync(SmtpConnection connection, string name, CancellationToken cancellationToken)
    {
        if (options.Tls == SmtpTls.Implicit)
            await EncryptAsync(connection, cancellationToken);
        Expect(await connection.ReadAsync(cancellationToken), 220, MailFault.Configuration);
        if (options.Tls == SmtpTls.StartTls)
        {
            var inClear = await HelloAsync(connection, name, cancellationToken);
            if (!inClear.StartTls)
                throw new MailDeliveryException(MailFault.Configuration, "starttls-missing");
            Expect(await connection.AskAsync("STARTTLS", cancellationToken), 220, MailFault.Configuration);
            await EncryptAsync(connection, cancellationToken);
        }

        // Asked again: what was said in clear anybody may have said (RFC 3207, section 4.2).
        return await HelloAsync(connection, name, cancellationToken);
    }

    private async Task EncryptAsync(SmtpConnection connection, CancellationToken cancellationToken)
    {
        var trust = new ServerTrust(options);
        try
        {
            await connection.EncryptAsync(trust.Options, cancellationToken);
        }
        catch (AuthenticationException refused)
        {
            throw new MailDeliveryException(MailFault.Configuration, trust.Fault, refused);
        }
    }

    private static async Task<SmtpExtensions> HelloAsync(SmtpConnection connection, string name, CancellationToken cancellationToken)
    {
        var reply = await connection.AskAsync("EHLO " + name, cancellationToken);
        Expect(reply, 250, MailFault.Configuration);
        return SmtpExtensions.Of(reply);
    }

    private async Task TransferAsync(
        SmtpConnection connection, SmtpExtensions extensions, OutgoingMail mail, MailAddress sender, MailAddress recipient, CancellationToken cancellationToken)
    {
        if (recipient.NeedsUtf8 && !extensions.SmtpUtf8)
            throw new MailDeliveryException(MailFault.Permanent, "smtputf8-missing");
        var content = MessageWriter.Write(mail, options);
        // A refusal of the sender is no fault of the message.
        Expect(await connection.AskAsync($"MAIL FROM:<{sender.Value}>{(recipient.NeedsUtf8 ? " SMTPUTF8" : "")}", cancellationToken), 250, MailFault.Configuration);
        var taken = await connection.AskAsync($"RCPT TO:<{recipient.Value}>", cancellationToken);
        Expect(taken, taken.Code == 251 ? 251 : 250, MailFault.Permanent);
        Expect(await connection.AskAsync("DATA", cancellationToken), 354, MailFault.Permanent);
        await connection.SendAsync(DotStuffing.Apply(content), cancellationToken);
        Expect(await connection.ReadAsync(cancellationToken), 250, MailFault.Permanent);
    }

    /// <summary>Politeness: the message is the server's already, whatever happens here.</summary>
    private static async Task QuitAsync(SmtpConnection connection, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Farewell);
        try
        {
            await connection.AskAsync("QUIT", patience.Token);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or SmtpProtocolException)
        {
            // It closed first, or takes its time.
        }
    }

    /// <param name="reply">What was answered.</param>
    /// <param name="code">What must have been.</param>
    /// <param name="refusal">What a 5xx says about.</param>
    internal static void Expect(SmtpReply reply, int code, MailFault refusal)
    {
        if (reply.Code == code)
            return;
        // 530: sign in first (RFC 4954, section 6). 421: it closes, whatever was asked (RFC 5321, section 3.8).
        var fault = reply.Code switch
        {
            530 => MailFault.Configuration,
            >= 500 => refusal,
            _ => MailFault.Transient,
        };
        throw new MailDeliveryException(fault, reply.Status);
    }
}
