using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Vouchsafe.Audit.Custody;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Keys;

/// <summary>
/// Holds key store and database together (decision 0014): a root key is made once, beside a database without data; the database keeps a commitment to it,
/// the key store keeps the database's id, and each start compares both.
/// </summary>
internal sealed class KeyGuard(IRootKeyStore store, IServiceProvider services)
{
    // Read lazily: the ring reads the root key, which must not be there yet when a new installation is prepared.
    private KeyRing Ring => services.GetRequiredService<KeyRing>();

    /// <summary>Before the migrations, as owner: makes the root key of a new installation.</summary>
    /// <exception cref="KeyStoreException">The database has data and the key store no root key, or the reverse.</exception>
    public static async Task PrepareAsync(IRootKeyStore store, string owner, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(owner);
        await connection.OpenAsync(cancellationToken);
        var used = await HasKeyedDataAsync(connection, cancellationToken);
        if (!used && store.Database is { } other)
            throw new KeyStoreException($"The key store belongs to the database {other}, and this one is empty. Restore that database, or give an empty folder for the keys of a new one.");
        if (store.HasRoot) return;
        if (used)
            throw new KeyStoreException(
                "The database has data and the key store no root key. Restore the key store that belongs to it: a new root key would open nothing. See docs/guides/keys.md.");
        store.CreateRoot();
    }

    /// <summary>After the migrations, as owner: binds database and key store to each other, or sees that they are.</summary>
    /// <exception cref="KeyStoreException">They aren't each other's.</exception>
    public async Task BindAsync(string owner, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(owner);
        await connection.OpenAsync(cancellationToken);
        var id = RandomId();
        await using (var insert = new NpgsqlCommand("insert into audit.cell (database_id, key_check) values ($1, $2) on conflict do nothing", connection)
        {
            Parameters = { new() { Value = id }, new() { Value = Check(id) } },
        })
            await insert.ExecuteNonQueryAsync(cancellationToken);
        await using var select = new NpgsqlCommand("select database_id, key_check from audit.cell", connection);
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        Compare(reader.GetGuid(0), reader.GetFieldValue<byte[]>(1));
    }

    /// <summary>Before the first listener opens.</summary>
    /// <exception cref="KeyStoreException">The key store isn't that of the database, or isn't whole.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        await using var session = services.GetRequiredService<IDatabase>().Platform(Actor.System("start-up"));
        if (await session.SingleOrDefaultAsync("select database_id, key_check from audit.cell", [],
            row => ((Guid Id, byte[] Check)?)(row.GetGuid(0), row.GetFieldValue<byte[]>(1)), cancellationToken) is not { } bound)
            throw new KeyStoreException("The database isn't bound to a key store yet. Run the migrations (Vouchsafe:Migrate).");
        Compare(bound.Id, bound.Check);
        // A tenant with a log has a key, or a tombstone where it was erased. Where neither is there, the next access would make another key beside the
        // entries that lie under the one that is missing.
        var tenants = await session.ListAsync("select tenant_id from audit.logs", [], row => row.GetGuid(0), cancellationToken);
        var missing = tenants.Where(tenant => store.Find(KeyName.OfTenant(tenant)).State == KeyState.Absent).ToList();
        if (missing.Count > 0)
            throw new KeyStoreException(
                $"The key store lacks the keys of {missing.Count} of {tenants.Count} tenants, {missing[0]:D} for one: it was restored in part. Restore all of it.");
    }

    private static async Task<bool> HasKeyedDataAsync(NpgsqlConnection owner, CancellationToken cancellationToken)
    {
        foreach (var table in new[] { "vouchsafe.seal_keys", "audit.cell", "audit.logs" })
        {
            await using var exists = new NpgsqlCommand("select to_regclass($1) is not null", owner) { Parameters = { new() { Value = table } } };
            if (!(bool)(await exists.ExecuteScalarAsync(cancellationToken))!) continue;
            // Names of our own, each a constant above.
            await using var any = new NpgsqlCommand($"select exists (select from {table})", owner);
            if ((bool)(await any.ExecuteScalarAsync(cancellationToken))!) return true;
        }
        return false;
    }

    private void Compare(Guid database, byte[] check)
    {
        if (!CryptographicOperations.FixedTimeEquals(check, Check(database)))
            throw new KeyStoreException(
                $"The root key isn't the one under which the data of this database ({database}) lies. Restore the key store that belongs to it"
                + (store.Database is { } other && other != database ? $"; this one belongs to the database {other}." : "."));
        store.Remember(database);
    }

    private byte[] Check(Guid database) => DatabaseBinding.Commit(Ring, database);

    // Random and not by time: it says nothing but which.
    private static Guid RandomId() => new(RandomNumberGenerator.GetBytes(16));
}
