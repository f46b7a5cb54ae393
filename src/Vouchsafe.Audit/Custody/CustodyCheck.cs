using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Audit.Checks;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Audit.Custody;

/// <summary>
/// Looks at the key store of the node that runs it as a start does (decision 0014), while the application runs: a key that is lost,
/// replaced or opened to others shows now and not at the next restart. Says how old the keys are.
/// </summary>
/// <remarks>Other nodes' folders, where they are others, it doesn't see; the check runs on each node in its turn.</remarks>
internal sealed class CustodyCheck(
    IServiceProvider services, IDatabase database, KeyRing keys, TenantKeyWatch tenants, CheckpointKeys generations, TimeProvider time) : ICheck
{
    private const string Guide = "See docs/guides/keys.md";

    public string Control => CustodyControl.Id;

    public Vantage Vantage => Vantage.Inside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        if (services.GetService<IRootKeyStore>() is not { } store) return Finding.Broken("There is no key store to look at.");
        List<string> faults = [];
        await using var session = database.Platform(Actor.System("keys.custody"));
        var cell = await session.SingleOrDefaultAsync("select database_id, key_check, made_at from audit.cell", [],
            row => (Cell?)new Cell(row.GetGuid(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<DateTimeOffset>(2)), cancellationToken);
        if (cell is null) return Finding.Broken($"The database isn't bound to a key store. Run the migrations. {Guide}.");
        var now = time.GetUtcNow();
        if (cell.MadeAt > now + CustodyControl.Skew)
            faults.Add($"the database was bound to its keys at {cell.MadeAt:yyyy-MM-dd HH:mm:ss}Z, which is yet to come: "
                + "the clock of this node or of the database is wrong. Set it, or no age can be told");
        faults.AddRange(FindStoreFaults(store, cell));
        // The tenants' keys lie under the root key: where that one is missing, nothing can be said of them.
        var (read, wrong) = faults.Count > 0 ? (0, []) : await tenants.FindAsync(session, store, new KeyRing(store, time), cancellationToken);
        faults.AddRange(wrong);
        var signing = await FindSigningAsync(faults, cancellationToken);
        var since = signing is { Number: > 1 } ? signing.SignsFrom : cell.MadeAt;
        if (signing is not null && MaxAgeOf(context?.Posture) is { } limit && now - since > limit)
            faults.Add($"the keys that sign checkpoints and the trust statement are {Days(now - since)} days old, and the posture allows {Days(limit)}. "
                + $"Replace them. {Guide}, \"Replace\"");
        var seen = new JsonObject
        {
            ["rootKeyDays"] = Days(now - cell.MadeAt),
            ["signingGeneration"] = signing?.Number,
            ["signingKeyDays"] = signing is null ? null : Days(now - since),
            ["tenantKeys"] = read,
        };
        return faults.Count > 0
            ? Finding.Broken(DamageText.Join(faults, 20), seen)
            : Finding.Held(
                "The key store is whole, closed to other accounts and that of this database. "
                + string.Create(CultureInfo.InvariantCulture, $"Signing keys: generation {signing!.Number}, {Days(now - since)} days old. ")
                + string.Create(CultureInfo.InvariantCulture, $"Root key: {Days(now - cell.MadeAt)} days. {read} tenants' keys were looked at."), seen);
    }

    private IEnumerable<string> FindStoreFaults(IRootKeyStore store, Cell cell)
    {
        byte[] root;
        string? fault = null;
        try
        {
            store.Inspect();
            // Where there is none it must not be made: a new root key beside data opens nothing.
            if (!store.HasRoot)
                return [$"there is no root key any more. Put it back from the backup of the key store before anything restarts, and make no new one. {Guide}"];
            root = store.ReadRoot();
            if (store.Database is { } other && other != cell.Id)
                fault = $"the key store says that it belongs to the database {other}, and this one is {cell.Id}. Restore the key store of this one. {Guide}";
        }
        catch (KeyStoreException problem)
        {
            return [problem.Message.TrimEnd('.')];
        }
        var stored = DatabaseBinding.Commit(root, cell.Id);
        CryptographicOperations.ZeroMemory(root);
        var used = DatabaseBinding.Commit(keys, cell.Id);
        if (!CryptographicOperations.FixedTimeEquals(stored, used))
            fault = "the root key in the key store isn't the one that this process works with: somebody replaced it. "
                + $"Put the right one back before anything restarts. {Guide}";
        else if (!CryptographicOperations.FixedTimeEquals(cell.Check, used))
            fault = $"the database doesn't know this root key (audit.cell was altered). Restore the row from a backup, or no node will start. {Guide}";
        return fault is null ? [] : [fault];
    }

    /// <summary>The generation that signs now; null where that can't be known.</summary>
    private async Task<KeyGeneration?> FindSigningAsync(List<string> faults, CancellationToken cancellationToken)
    {
        try
        {
            await generations.ReadyAsync(cancellationToken, now: true);
            return generations.Signing[^1];
        }
        catch (KeyStoreException problem)
        {
            faults.Add(problem.Message.TrimEnd('.'));
            return null;
        }
    }

    private static TimeSpan? MaxAgeOf(Posture? posture)
    {
        try
        {
            return posture?.Figures(CustodyControl.AgeControl).Duration(CustodyControl.MaxAge);
        }
        catch (KeyNotFoundException)
        {
            return null;
        }
    }

    private static long Days(TimeSpan age) => (long)Math.Floor(age.TotalDays);

    private sealed record Cell(Guid Id, byte[] Check, DateTimeOffset MadeAt);
}
