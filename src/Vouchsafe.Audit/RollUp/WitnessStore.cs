using Npgsql;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.RollUp;

/// <summary>What each witness cosigned last.</summary>
internal sealed class WitnessStore(IDatabase database)
{
    private static readonly Actor Roller = Actor.System(RollUpLog.Job);

    public async Task<IReadOnlyDictionary<string, Witnessed>> AllAsync(CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Roller);
        var rows = await session.ListAsync("select name, size, root, cosignature, cosigned_at, trouble, contradicts from audit.witnesses", [], Read, cancellationToken);
        return rows.ToDictionary(witness => witness.Name, StringComparer.Ordinal);
    }

    public async Task CosignedAsync(string name, TreeHead head, string cosignature, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Roller);
        await session.ExecuteAsync(
            """
            insert into audit.witnesses (name, size, root, cosignature, cosigned_at, tried_at) values ($1, $2, $3, $4, $5, $5)
            on conflict (name) do update set size = excluded.size, root = excluded.root, cosignature = excluded.cosignature, cosigned_at = excluded.cosigned_at,
                tried_at = excluded.tried_at, trouble = null, contradicts = false
            """, [name, head.Size, head.Root.ToArray(), cosignature, session.Now], cancellationToken);
    }

    /// <param name="contradicts">Whether the witness saw another history than the database holds.</param>
    public async Task FailedAsync(string name, string trouble, bool contradicts, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Roller);
        await session.ExecuteAsync(
            """
            insert into audit.witnesses (name, tried_at, trouble, contradicts) values ($1, $2, $3, $4)
            on conflict (name) do update set tried_at = excluded.tried_at, trouble = excluded.trouble, contradicts = excluded.contradicts
            """, [name, session.Now, trouble, contradicts], cancellationToken);
    }

    private static Witnessed Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetInt64(1), row.IsDBNull(2) ? null : Digest.From(row.GetFieldValue<byte[]>(2)), row.IsDBNull(3) ? null : row.GetString(3),
        row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4), row.IsDBNull(5) ? null : row.GetString(5), row.GetBoolean(6));
}

/// <summary>A witness as it was seen last.</summary>
/// <param name="Size">How large the roll-up log was when it cosigned; 0: never.</param>
/// <param name="Cosignature">Its signature line over that head's checkpoint.</param>
/// <param name="Trouble">Why it gave none at the last try.</param>
/// <param name="Contradicts">Whether it saw another history than the database holds.</param>
internal sealed record Witnessed(string Name, long Size, Digest? Root, string? Cosignature, DateTimeOffset? CosignedAt, string? Trouble, bool Contradicts);
