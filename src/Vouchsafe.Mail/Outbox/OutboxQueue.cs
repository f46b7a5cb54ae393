using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Mail.Outbox;

/// <summary>Hands out messages that are due, each to one node at a time, and takes down how it went.</summary>
internal sealed class OutboxQueue(IDatabase database, TimeProvider time)
{
    /// <summary>Longer than an attempt can last: a node that is still sending never loses its claim.</summary>
    public static readonly TimeSpan ClaimLength = TimeSpan.FromMinutes(5);

    private static readonly Actor Sender = Actor.System("mail");

    /// <summary>Claims messages that are due. The attempt counts from here, so that a message that kills its node is not tried for ever.</summary>
    public async Task<IReadOnlyList<ClaimedMail>> ClaimAsync(int max, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Sender);
        var claim = Guid.CreateVersion7(time.GetUtcNow());
        return await session.ListAsync(
            """
            update mail.outbox o set attempts = o.attempts + 1, claim = $1, claimed_until = $2
            where o.message_id in (
                select d.message_id from mail.outbox d
                where d.outcome is null and d.next_attempt_at <= $3 and (d.claimed_until is null or d.claimed_until <= $3)
                order by d.next_attempt_at limit $4 for update skip locked)
            returning o.message_id, o.sealed, o.queued_at, o.attempts
            """,
            [claim, session.Now + ClaimLength, session.Now, max],
            row => new ClaimedMail(row.GetGuid(0), claim, row.GetFieldValue<byte[]>(1), row.GetFieldValue<DateTimeOffset>(2), row.GetInt32(3)), cancellationToken);
    }

    /// <summary>The content goes here; id, time and outcome stay for a while.</summary>
    public async Task FinishAsync(ClaimedMail mail, bool delivered, string? error, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Sender);
        await session.ExecuteAsync(
            """
            update mail.outbox set outcome = $3, finished_at = $4, last_error = $5, sealed = null, claim = null, claimed_until = null
            where message_id = $1 and claim = $2
            """, [mail.Id, mail.Claim, delivered ? "delivered" : "dead", session.Now, error], cancellationToken);
    }

    public async Task RetryAsync(ClaimedMail mail, TimeSpan after, string error, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Sender);
        await session.ExecuteAsync(
            "update mail.outbox set next_attempt_at = $3, last_error = $4, claim = null, claimed_until = null where message_id = $1 and claim = $2",
            [mail.Id, mail.Claim, session.Now + after, error], cancellationToken);
    }

    /// <summary>Forgets what finished before a moment.</summary>
    public async Task<int> PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Sender);
        return await session.ExecuteAsync("delete from mail.outbox where outcome is not null and finished_at < $1", [before], cancellationToken);
    }
}

/// <summary>A message that this node alone may send until its claim ends.</summary>
/// <param name="Attempts">Which attempt this is, from 1.</param>
internal sealed record ClaimedMail(Guid Id, Guid Claim, byte[] Sealed, DateTimeOffset QueuedAt, int Attempts);
