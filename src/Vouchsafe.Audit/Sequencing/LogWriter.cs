using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Audit.Sequencing;

/// <summary>Writes what a round computed, each table in one statement for all logs.</summary>
/// <remarks>
/// A row that is there already where the log has not been yet was planted by somebody with more rights than any login of ours.
/// It is overwritten: it must not stop every other tenant's log.
/// </remarks>
internal static class LogWriter
{
    public static async Task WriteAsync(PlatformSession session, IReadOnlyList<LogMove> moves, ISequencerWitness? witness, CancellationToken cancellationToken)
    {
        if (moves.Count == 0)
            return;
        var statements = new List<Statement>();
        Tiles(statements, moves);
        Tails(statements, moves);
        if (witness is null)
        {
            Heads(statements, moves, session.Now);
            await session.ExecuteBatchAsync(statements, cancellationToken);
            return;
        }

        await session.ExecuteBatchAsync(statements, cancellationToken);
        witness.Reached(SequencerStep.WroteTiles);
        statements.Clear();
        Heads(statements, moves, session.Now);
        await session.ExecuteBatchAsync(statements, cancellationToken);
        witness.Reached(SequencerStep.WroteHeads);
    }

    private static void Tiles(List<Statement> statements, IReadOnlyList<LogMove> moves)
    {
        var tiles = moves
            .SelectMany(move => move.Full.All.Select(tile => (move.Tenant, tile.Level, tile.Index, tile.Hashes))
                .Concat(move.Growing.Select(tile => (move.Tenant, tile.Level, tile.Index, tile.Hashes))))
            .ToList();
        if (tiles.Count == 0)
            return;
        statements.Add(new Statement(
            """
            insert into audit.tiles (tenant_id, level, tile, hashes)
            select * from unnest($1::uuid[], $2::smallint[], $3::bigint[], $4::bytea[])
            on conflict (tenant_id, level, tile) do update set hashes = excluded.hashes
            """,
            tiles.Select(t => t.Tenant).ToArray(), tiles.Select(t => (short)t.Level).ToArray(),
            tiles.Select(t => t.Index).ToArray(), tiles.Select(t => t.Hashes).ToArray()));

        var bundles = moves.SelectMany(move => move.Full.All.Where(tile => tile.Entries is not null).Select(tile => (move.Tenant, tile.Index, tile.Entries))).ToList();
        if (bundles.Count > 0)
            statements.Add(new Statement(
                """
                insert into audit.bundles (tenant_id, bundle, entries) select * from unnest($1::uuid[], $2::bigint[], $3::bytea[])
                on conflict (tenant_id, bundle) do update set entries = excluded.entries
                """,
                bundles.Select(b => b.Tenant).ToArray(), bundles.Select(b => b.Index).ToArray(), bundles.Select(b => b.Entries!).ToArray()));
    }

    private static void Tails(List<Statement> statements, IReadOnlyList<LogMove> moves)
    {
        // Rows of a tail that have become part of a full bundle go.
        var bundled = moves.Where(move => move.Full.All.Any(tile => tile.Entries is not null)).ToList();
        if (bundled.Count > 0)
            statements.Add(new Statement(
                "delete from audit.tails where tenant_id = any($1)", bundled.Select(move => move.Tenant).ToArray()));
        var tails = moves.Where(move => move.TailEntries.Length > 0).ToList();
        if (tails.Count > 0)
            statements.Add(new Statement(
                "insert into audit.tails (tenant_id, first_index, entries, hashes) select * from unnest($1::uuid[], $2::bigint[], $3::bytea[], $4::bytea[])",
                tails.Select(m => m.Tenant).ToArray(), tails.Select(m => m.TailFirst).ToArray(),
                tails.Select(m => m.TailEntries).ToArray(), tails.Select(m => m.TailHashes).ToArray()));
    }

    private static void Heads(List<Statement> statements, IReadOnlyList<LogMove> moves, DateTimeOffset now)
    {
        statements.Add(new Statement(
            """
            insert into audit.heads as h (tenant_id, size, root, moved_at)
            select tenant_id, size, root, $4 from unnest($1::uuid[], $2::bigint[], $3::bytea[]) as m(tenant_id, size, root)
            on conflict (tenant_id) do update set size = excluded.size, root = excluded.root, moved_at = excluded.moved_at
            where h.size < excluded.size
            """,
            moves.Select(m => m.Tenant).ToArray(), moves.Select(m => m.To).ToArray(), moves.Select(m => m.Root.ToArray()).ToArray(), now));
    }
}
