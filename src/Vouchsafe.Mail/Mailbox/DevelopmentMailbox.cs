using Vouchsafe.Mail.Outbox;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Mail.Mailbox;

/// <summary>Where mail goes in development: the last messages, kept sealed in a table that every node reads, shown at /dev/mailbox.</summary>
public sealed class DevelopmentMailbox : IMailSender
{
    public const int MaxMessages = 200;

    private static readonly Actor Reader = Actor.System("mailbox");

    private readonly IDatabase _database;
    private readonly MessageSeal _seal;

    internal DevelopmentMailbox(IDatabase database, MessageSeal seal) => (_database, _seal) = (database, seal);

    public async Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        mail.Message.Validate();
        await using var session = _database.Platform(Reader);
        await session.ExecuteBatchAsync(
            [
                new Statement("insert into mail.mailbox (message_id, sealed, queued_at, arrived_at) values ($1, $2, $3, $4) on conflict do nothing",
                    mail.Id, _seal.Protect(mail.Id, mail.Message), mail.Date, session.Now),
                new Statement("delete from mail.mailbox where message_id in (select message_id from mail.mailbox order by arrived_at desc offset $1)", MaxMessages),
            ], cancellationToken);
    }

    /// <summary>The last <see cref="MaxMessages"/> messages, the newest first.</summary>
    public async Task<IReadOnlyList<OutgoingMail>> ListAsync(CancellationToken cancellationToken)
    {
        await using var session = _database.Platform(Reader);
        var rows = await session.ListAsync(
            "select message_id, queued_at, sealed from mail.mailbox order by arrived_at desc, message_id limit $1", [MaxMessages],
            row => (Id: row.GetGuid(0), Date: row.GetFieldValue<DateTimeOffset>(1), Sealed: row.GetFieldValue<byte[]>(2)), cancellationToken);
        return [.. rows.Select(row => (row.Id, row.Date, Message: _seal.Open(row.Id, row.Sealed))).Where(row => row.Message is not null)
            .Select(row => new OutgoingMail(row.Id, row.Date, row.Message!))];
    }
}
