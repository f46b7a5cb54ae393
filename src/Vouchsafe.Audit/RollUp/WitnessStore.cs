using Npgsql;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.RollUp;

/// <summary>What each witness cosigned last, and whose turn it is to ask it.</summary>
internal sealed class WitnessStore(IDatabase database)
{
    /// <summary>How long a turn lasts at most: of a node that dies in it, the others wait for so long. Longer than all that one turn asks.</summary>
    internal static readonly TimeSpan Turn = TimeSpan.FromSeconds(30);

    private static readonly Actor Roller = Actor.System(RollUpLog.Job);

    public async Task<IReadOnlyDictionary<string, Witnessed>> AllAsync(CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Roller);
        var rows = await session.ListAsync(
            "select name, size, root, cosignature, cosigned_at, trouble, disputed_since, contradicts, theirs, ours from audit.witnesses", [], Read, cancellationToken);
        return rows.ToDictionary(witness => witness.Name, StringComparer.Ordinal);
    }

    /// <summary>Takes the turn to ask a witness; across all nodes one has it.</summary>
    /// <returns>False where another has it.</returns>
    public async Task<bool> TryTakeTurnAsync(string name, Guid asker, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Roller);
        return await session.ExecuteAsync(
            """
            insert into audit.witnesses as w (name, asked_by, asked_until) values ($1, $2, $3)
            on conflict (name) do update set asked_by = excluded.asked_by, asked_until = excluded.asked_until
            where w.asked_by is null or w.asked_until <= $4
            """, [name, asker, session.Now + Turn, session.Now], cancellationToken) == 1;
    }

    public async Task EndTurnAsync(string name, Guid asker, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Roller);
        await session.ExecuteAsync("update audit.witnesses set asked_by = null, asked_until = null where name = $1 and asked_by = $2", [name, asker], cancellationToken);
    }

    /// <param name="lifts">Whether the witness's standing contradiction, if there is one, is settled by this cosignature.</param>
    public async Task CosignedAsync(string name, TreeHead head, string cosignature, bool lifts, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Roller);
        await session.ExecuteAsync(
            """
            insert into audit.witnesses as w (name, size, root, cosignature, cosigned_at, tried_at) values ($1, $2, $3, $4, $5, $5)
            on conflict (name) do update set size = excluded.size, root = excluded.root, cosignature = excluded.cosignature, cosigned_at = excluded.cosigned_at,
                tried_at = excluded.tried_at, trouble = null, disputed_since = null, contradicts = w.contradicts and not $6,
                theirs = case when $6 then null else w.theirs end, ours = case when $6 then null else w.ours end
            """, [name, head.Size, head.Root.ToArray(), cosignature, session.Now, lifts], cancellationToken);
    }

    /// <summary>It gave no cosignature. Takes nothing back: a contradiction stays until a cosignature lifts it, and so does a dispute.</summary>
    /// <param name="disputes">Whether it says that it saw another history.</param>
    public async Task FailedAsync(string name, string trouble, bool disputes, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Roller);
        await session.ExecuteAsync(
            """
            insert into audit.witnesses as w (name, tried_at, trouble, disputed_since) values ($1, $2, $3, case when $4 then $2 end)
            on conflict (name) do update set tried_at = excluded.tried_at, trouble = excluded.trouble, disputed_since = coalesce(w.disputed_since, excluded.disputed_since)
            """, [name, session.Now, trouble, disputes], cancellationToken);
    }

    public async Task ContradictedAsync(Contradiction proof, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Roller);
        await session.ExecuteAsync(
            """
            insert into audit.witnesses as w (name, tried_at, trouble, contradicts, theirs, ours) values ($1, $2, $3, true, $4, $5)
            on conflict (name) do update set tried_at = excluded.tried_at, trouble = excluded.trouble, contradicts = true, theirs = excluded.theirs, ours = excluded.ours
            """, [proof.Witness, session.Now, proof.Sentence, proof.Theirs, proof.Ours], cancellationToken);
    }

    private static Witnessed Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetInt64(1), row.IsDBNull(2) ? null : Digest.From(row.GetFieldValue<byte[]>(2)), row.IsDBNull(3) ? null : row.GetString(3),
        row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4), row.IsDBNull(5) ? null : row.GetString(5),
        row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6), row.GetBoolean(7), row.IsDBNull(8) ? null : row.GetString(8), row.IsDBNull(9) ? null : row.GetString(9));
}

/// <summary>A witness as it was seen last.</summary>
/// <param name="Size">How large the roll-up log was when it cosigned; 0: never.</param>
/// <param name="Cosignature">Its signature line over that head's checkpoint.</param>
/// <param name="Trouble">Why it gave none at the last try.</param>
/// <param name="DisputedSince">Since when it says, without proof, that it saw another history.</param>
/// <param name="Contradicts">Whether it proved that.</param>
/// <param name="Theirs">The proof: <see cref="Contradiction.Theirs"/>.</param>
/// <param name="Ours">The proof: <see cref="Contradiction.Ours"/>.</param>
internal sealed record Witnessed(
    string Name, long Size, Digest? Root, string? Cosignature, DateTimeOffset? CosignedAt, string? Trouble, DateTimeOffset? DisputedSince, bool Contradicts, string? Theirs, string? Ours);
