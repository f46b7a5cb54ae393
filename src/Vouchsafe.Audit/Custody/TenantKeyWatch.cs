using Vouchsafe.Audit.Logs;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Audit.Custody;

/// <summary>
/// Whether each tenant that has a log has its key, and the one under which the log was begun: a log's id is derived from it, so a key that
/// was made anew beside the entries of a lost one shows. So many tenants a run, in turn.
/// </summary>
internal sealed class TenantKeyWatch
{
    private const int AtATime = 2_000;

    private readonly Lock _one = new();
    private Guid _from;

    /// <param name="keys">Read from the store just now: a ring that served for a while remembers keys that the store has lost.</param>
    /// <returns>How many keys were looked at, and what is wrong.</returns>
    public async Task<(int Read, IReadOnlyList<string> Faults)> FindAsync(PlatformSession session, IKeyStore store, KeyRing keys, CancellationToken cancellationToken)
    {
        Guid from;
        lock (_one) from = _from;
        var logs = await session.ListAsync(
            "select tenant_id, log_id from audit.logs where tenant_id > $1 order by tenant_id limit $2", [from, AtATime],
            row => (Tenant: row.GetGuid(0), Log: row.GetGuid(1)), cancellationToken);
        lock (_one) _from = logs.Count < AtATime ? Guid.Empty : logs[^1].Tenant;
        List<Guid> missing = [], replaced = [];
        foreach (var (tenant, log) in logs)
        {
            var name = KeyName.OfTenant(tenant);
            if (store.Find(name).State == KeyState.Absent) missing.Add(tenant);
            else if (!IsKeyOf(keys, name, log)) replaced.Add(tenant);
        }
        List<string> faults = [];
        if (missing.Count > 0)
            faults.Add($"the key store lacks the keys of {missing.Count} tenants, {missing[0]:D} for one. "
                + "Restore them from its backup at once: the next access would make another key, which opens nothing of theirs");
        if (replaced.Count > 0)
            faults.Add($"the keys of {replaced.Count} tenants, {replaced[0]:D} for one, aren't those under which their logs were begun. "
                + "Restore them from the backup of the key store");
        return (logs.Count, faults);
    }

    /// <summary>Also where the key was destroyed, as it is when a tenant left.</summary>
    private static bool IsKeyOf(KeyRing keys, KeyName name, Guid log)
    {
        try
        {
            return keys.Existing(name).Key is not { } key || LogIdentities.Of(key) == log;
        }
        catch (KeyStoreException)
        {
            // Wrapped under another root key, or altered.
            return false;
        }
    }
}
