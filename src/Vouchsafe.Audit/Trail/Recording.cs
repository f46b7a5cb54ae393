using Vouchsafe.Audit.Receipts;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Audit.Trail;

/// <summary>Records what happens, in the transaction in which it happens: the change and its entry are both there, or neither is.</summary>
public static class Recording
{
    /// <summary>Entries that travel together when many are recorded.</summary>
    private const int Block = 4 * AppendId.MostEntries;

    /// <summary>Records the event in the session's transaction; where none is open, in one of its own.</summary>
    /// <returns>The entry's id. Its index it gets moments after the commit; in strict mode with it.</returns>
    /// <exception cref="UnattributedEventException">A person acts, and the session's scope holds no address.</exception>
    /// <exception cref="Transparency.Entries.EntryException">A name, a value or their number is out of bounds.</exception>
    public static Task<Guid> RecordAsync(this TenantSession session, AuditEvent what, CancellationToken cancellationToken) =>
        session.ExecuteWithAuditAsync([], what, cancellationToken);

    /// <summary>Runs statements and records the event in one round trip; outside a transaction they are one.</summary>
    /// <inheritdoc cref="RecordAsync"/>
    public static async Task<Guid> ExecuteWithAuditAsync(
        this TenantSession session, IReadOnlyList<Statement> statements, AuditEvent what, CancellationToken cancellationToken)
    {
        var writer = session.Service<TrailWriter>();
        await writer.OpenAsync(session.Scope.Tenant, cancellationToken);
        var (append, id) = writer.Prepare(session, new ReadOnlySpan<AuditEvent>(in what));
        await session.ExecuteBatchAsync([.. statements, append], cancellationToken);
        writer.OnCommitted(session, [Receipt.Of(append)], 1);
        return id.Entry(0);
    }

    /// <summary>Records many events, 256 to a row, in the session's transaction; where none is open, in one of its own.</summary>
    /// <inheritdoc cref="RecordAsync"/>
    public static async Task<IReadOnlyList<Guid>> RecordManyAsync(
        this TenantSession session, IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
    {
        var writer = session.Service<TrailWriter>();
        await writer.OpenAsync(session.Scope.Tenant, cancellationToken);
        var ids = new List<Guid>(events.Count);
        var receipts = new List<Receipt>();
        var own = !session.InTransaction;
        if (own)
            await session.BeginAsync(cancellationToken);
        try
        {
            // While the server stores one block, the next is sealed.
            Task<IReadOnlyList<(Statement Statement, AppendId Id)>>? next = null;
            for (var first = 0; first < events.Count; first += Block)
            {
                var block = await (next ?? writer.PrepareManyAsync(session, events, first, Math.Min(Block, events.Count - first)));
                var following = first + Block;
                next = following < events.Count ? writer.PrepareManyAsync(session, events, following, Math.Min(Block, events.Count - following)) : null;
                await session.ExecuteBatchAsync([.. block.Select(append => append.Statement)], cancellationToken);
                receipts.AddRange(block.Select(append => Receipt.Of(append.Statement)));
                foreach (var (statement, id) in block)
                    ids.AddRange(Enumerable.Range(0, ((byte[][])statement.Args[2]!).Length).Select(id.Entry));
            }

            writer.OnCommitted(session, receipts, events.Count);
            if (own)
                await session.CommitAsync(cancellationToken);
            return ids;
        }
        catch when (own)
        {
            await session.RollbackAsync(CancellationToken.None);
            throw;
        }
    }
}
