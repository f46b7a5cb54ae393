using System.Text.Json.Nodes;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.RollUp;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Audit.Checks;

/// <summary>
/// Tries to alter the trail with both run-time logins, and re-verifies the logs from what the database holds: what came since
/// the last look, and of the rest as much as <see cref="Slice"/> allows, in turn.
/// </summary>
internal sealed class ImmutableCheck(IDatabase database, HeadMemory memory, KeyRing keys, WitnessStore witnesses, AuditOptions options) : ICheck
{
    /// <summary>How many old entries one run reads again; a log with fewer is read whole each time.</summary>
    internal const int Slice = 100_000;

    /// <summary>How many appends a log may have for its table to be compared with the log row by row.</summary>
    private const int SmallLog = 16_384;

    private readonly Dictionary<Guid, long> _swept = [];
    private readonly SemaphoreSlim _one = new(1, 1);

    public string Control => "audit.immutable";

    public Vantage Vantage => Vantage.Inside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (await LoginAttempts.FindOpeningAsync(database, cancellationToken) is { } opening) return Finding.Broken(opening);
            if (options.Strict && await FindWindowAsync(cancellationToken) is { } window) return Finding.Broken(window);
            if ((await witnesses.AllAsync(cancellationToken)).Values.FirstOrDefault(witness => witness.Contradicts) is { } against)
                return Finding.Broken($"The witness {against.Name} saw another history. {against.Trouble}");
            return await VerifyLogsAsync(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Strict mode: an entry must be part of its log before its transaction ends. This one is rolled back.</summary>
    private async Task<string?> FindWindowAsync(CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(CanaryLog.Scope);
        await session.BeginAsync(cancellationToken);
        try
        {
            var entry = await session.RecordAsync(new AuditEvent("canary.strict"), cancellationToken);
            return await EntryIndex.FindAsync(session, entry, cancellationToken) is null ? "An entry is not part of its log when its transaction ends, though the posture says so." : null;
        }
        finally
        {
            await session.RollbackAsync(CancellationToken.None);
        }
    }

    private async Task<Finding> VerifyLogsAsync(CancellationToken cancellationToken)
    {
        var heads = new List<LogHead>();
        await using (var platform = database.Platform(Actor.System(Control)))
            await foreach (var head in LogHeads.AllAsync(platform, cancellationToken))
                heads.Add(head);
        foreach (var gone in memory.All.ExceptBy(heads.Select(head => head.LogId), head => head.Log))
        {
            // Who leaves takes the key along; a log that went without that was removed.
            if (!keys.Existing(KeyName.OfTenant(gone.Tenant)).IsDestroyed)
                return Finding.Broken($"Log {gone.Log:N}, which had {gone.Size} entries, is gone.");
            memory.Forget(gone.Log);
        }

        var budget = (long)Slice;
        var entries = 0L;
        foreach (var head in heads.OrderBy(head => _swept.ContainsKey(head.LogId)))
        {
            var (fault, read) = await VerifyAsync(head, Math.Max(budget, 0), cancellationToken);
            if (fault is not null)
                return Finding.Broken(Sentence(fault), new JsonObject { ["log"] = head.LogId.ToString("N"), ["size"] = head.Size });
            budget -= read;
            entries += read;
        }

        return Finding.Held(
            $"Neither login can alter an entry; {heads.Count} logs hash to their heads, {entries} entries were read again.",
            new JsonObject { ["logs"] = heads.Count, ["entries"] = heads.Sum(head => head.Size), ["read"] = entries });
    }

    private async Task<(string? Fault, long Read)> VerifyAsync(LogHead head, long budget, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(new TenantScope(new TenantId(head.Tenant), Actor.System(Control), OwnerReach.All, null));
        var sweep = new LogSweep(session, head);
        var before = memory.Find(head.LogId);
        if (before is not null && sweep.FindRollBack(before) is { } back)
            return (back, 0);
        if (await sweep.FindFaultInRootAsync(cancellationToken) is { } torn)
            return (torn, 0);
        if (before is not null && await sweep.FindRewritingAsync(before, cancellationToken) is { } rewritten)
            return (rewritten, 0);

        // What is new, however much it is; then old entries, from where the last run stopped.
        var known = Math.Max(head.PrunedTo, before?.Size ?? head.PrunedTo);
        if (await sweep.FindFaultAsync(known, head.Size, cancellationToken) is { } fresh)
            return (fresh, 0);
        var from = Math.Max(head.PrunedTo, _swept.GetValueOrDefault(head.LogId));
        var to = Math.Min(known, from + budget);
        if (await sweep.FindFaultAsync(from, to, cancellationToken) is { } old)
            return (old, 0);
        _swept[head.LogId] = to >= known ? 0 : to;
        if (head.Size - head.PrunedTo <= SmallLog && await sweep.FindStrayAsync(cancellationToken) is { } stray)
            return (stray, 0);
        memory.Remember(new VerifiedHead(head.LogId, head.Tenant, head.Size, head.Root));
        return (null, head.Size - known + to - from);
    }

    private static string Sentence(string fault) => char.ToUpperInvariant(fault[0]) + fault[1..] + ".";
}
