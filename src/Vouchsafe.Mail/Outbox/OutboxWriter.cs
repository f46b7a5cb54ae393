using System.Security.Cryptography;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Mail.Outbox;

/// <summary>Turns a message into the statement that enqueues it.</summary>
internal sealed class OutboxWriter(MessageSeal seal, MailSignal signal)
{
    /// <exception cref="InvalidMailException">It can't stand in a mail.</exception>
    public Statement Prepare(MailMessage message, DateTimeOffset now)
    {
        message.Validate();
        var id = NewId();
        return new Statement("select mail.enqueue($1, $2, $3)", id, seal.Protect(id, message), now);
    }

    public void Committed() => signal.Raise();

    /// <summary>Version 4 (RFC 9562, section 5.4): it leaves in the Message-ID, and shall tell nothing.</summary>
    private static Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        bytes[6] = (byte)(0x40 | (bytes[6] & 0x0f));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3f));
        return new Guid(bytes, bigEndian: true);
    }
}
