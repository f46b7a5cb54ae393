using System.Globalization;
using System.Text.Json.Nodes;
using Vouchsafe.Audit.Checks;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Receipts;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Entries;

namespace Vouchsafe.Audit.Restores;

/// <summary>
/// The way back to green after a backup of the database was put back (docs/guides/restore.md). This node remembers heads that the restored
/// database no longer leads to; they are given up, and the operator's log records which, why, and how many entries were lost.
/// </summary>
/// <remarks>
/// It gives up what one node remembers, so it runs on each. What it can't give up is what outsiders hold: exports, checkpoints, cosignatures.
/// </remarks>
public sealed class RestoreAcceptance
{
    /// <summary>The event in the operator's log; one for each 50 logs.</summary>
    public const string Event = "restore.accepted";

    private const int LogsPerEntry = 50;
    private const int MaxReason = 400;

    private readonly IDatabase _database;
    private readonly HeadMemory _memory;
    private readonly SeenHeads _seen;
    private readonly EntryOpener _opener;

    internal RestoreAcceptance(IDatabase database, HeadMemory memory, SeenHeads seen, EntryOpener opener) => (_database, _memory, _seen, _opener) = (database, memory, seen, opener);

    /// <summary>To be called while no node serves. Where one was cut off, calling it again finishes it.</summary>
    /// <param name="reason">One line: which backup, and why.</param>
    /// <returns>The logs whose remembered heads were given up.</returns>
    /// <exception cref="ArgumentException">The reason is empty, too long or more than one line.</exception>
    /// <exception cref="InvalidOperationException">The database contradicts nothing that this node remembers.</exception>
    public async Task<IReadOnlyList<RestoredLog>> AcceptAsync(string reason, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > MaxReason || reason.Any(char.IsControl))
            throw new ArgumentException($"A reason is one line of at most {MaxReason} characters.", nameof(reason));
        var restored = new List<RestoredLog>();
        foreach (var remembered in _memory.All)
            if (await FindAsync(remembered, cancellationToken) is { } log)
                restored.Add(log);
        if (restored.Count == 0)
            throw new InvalidOperationException("The database contradicts nothing that this node remembers: there is no restore to accept.");

        // The record first: what was given up without one would be a roll-back that nobody can see any more.
        await using (var session = _database.Tenant(SystemLog.Scope(Actor.System("restore"))))
            foreach (var part in restored.Chunk(LogsPerEntry))
                await session.RecordAsync(new AuditEvent(Event,
                    new AuditField("reason", reason),
                    new AuditField("logs", restored.Count.ToString(CultureInfo.InvariantCulture)),
                    new AuditField("heads", Text(part))), cancellationToken);
        foreach (var log in restored)
        {
            if (_memory.Find(log.Log) is { } remembered)
                _seen.Forget(remembered.Tenant);
            _memory.Forget(log.Log);
        }

        return restored;
    }

    /// <summary>Null where the database leads on from the remembered head.</summary>
    private async Task<RestoredLog?> FindAsync(VerifiedHead remembered, CancellationToken cancellationToken)
    {
        await using var session = _database.Tenant(new TenantScope(new TenantId(remembered.Tenant), Actor.System("restore"), OwnerReach.All, null));
        if (await TenantLog.HeadAsync(session, cancellationToken) is not { } head || head.LogId != remembered.Log)
            return new RestoredLog(remembered.Log, remembered.Size, remembered.Root.ToString(), 0, "");
        return await new LogVerifier(session, head, _opener, []).FindRewritingAsync(remembered, cancellationToken) is null
            ? null
            : new RestoredLog(remembered.Log, remembered.Size, remembered.Root.ToString(), head.Size, head.Tree.Root.ToString());
    }

    private static string Text(IEnumerable<RestoredLog> logs) => new JsonArray([.. logs.Select(log => (JsonNode)new JsonObject
    {
        ["log"] = log.Log.ToString("N"), ["had"] = log.Had, ["hadRoot"] = log.HadRoot, ["has"] = log.Has, ["hasRoot"] = log.HasRoot,
    })]).ToJsonString();
}

/// <summary>A log that a restore set back.</summary>
/// <param name="Log">The log's id.</param>
/// <param name="Had">How many entries it had when this node last verified it.</param>
/// <param name="HadRoot">Its root then, in hexadecimal.</param>
/// <param name="Has">How many it has; 0 where it is gone.</param>
/// <param name="HasRoot">Its root; empty where it is gone.</param>
public sealed record RestoredLog(Guid Log, long Had, string HadRoot, long Has, string HasRoot);
