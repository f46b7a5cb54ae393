using Vouchsafe.Mail.Outbox;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Mail;

/// <summary>Sends mail as part of what a session does.</summary>
public static class SessionMailExtensions
{
    /// <summary>
    /// Puts a message into the outbox, in the session's transaction; where none is open, in one of its own. It is sent after the commit,
    /// never when the transaction rolled back.
    /// </summary>
    /// <exception cref="InvalidMailException">An address, a subject or a text can't stand in a mail. Nothing was written.</exception>
    public static async Task EnqueueMailAsync(this Session session, MailMessage message, CancellationToken ct = default)
    {
        var outbox = session.Service<OutboxWriter>();
        await session.ExecuteBatchAsync([outbox.Prepare(message, session.Now)], ct);
        session.OnCommitted(outbox.Committed);
    }
}
