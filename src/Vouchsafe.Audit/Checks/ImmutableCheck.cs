using System.Text.Json.Nodes;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Receipts;
using Vouchsafe.Audit.RollUp;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Transparency.Exports;

namespace Vouchsafe.Audit.Checks;

/// <summary>
/// Tries to alter the trail with both run-time logins, asks what witnesses saw and what nodes miss, and verifies the logs (<see cref="TrailWatch"/>). Names everything that it finds.
/// </summary>
internal sealed class ImmutableCheck(IDatabase database, TrailWatch watch, WitnessDisputes disputes, NodeTrails nodes, AuditOptions options) : ICheck
{
    /// <summary>Faults that the message names; the rest it counts.</summary>
    private const int Named = 20;

    public string Control => "audit.immutable";

    public Vantage Vantage => Vantage.Inside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        if (await LoginAttempts.FindOpeningAsync(database, cancellationToken) is { } opening)
            faults.Add(opening);
        if (await FindLoweredAgeAsync(cancellationToken) is { } lowered)
            faults.Add(lowered);
        if (options.Strict && await FindWindowAsync(cancellationToken) is { } window)
            faults.Add(window);
        faults.AddRange(await disputes.FindAsync([.. options.Witnesses.Select(witness => witness.Key.Name)], cancellationToken));
        faults.AddRange(await nodes.FindFaultsAsync(context?.Target, cancellationToken));
        var report = await watch.RunAsync(cancellationToken);
        faults.AddRange(report.Faults);
        var seen = new JsonObject
        {
            ["logs"] = report.Logs, ["damaged"] = report.Damaged, ["entries"] = report.Entries, ["read"] = report.Read, ["runs"] = report.Runs, ["waiting"] = report.Waiting,
        };
        return faults.Count > 0 ? Finding.Broken(DamageText.Join(faults, Named), seen) : Finding.Held(Say(report), seen);
    }

    private static string Say(WatchReport report) =>
        $"Neither login can alter an entry; {report.Logs} logs hash to their heads, {report.Read} entries were read again"
        + (report.Runs > 1 || report.Visited < report.Logs
            ? $", {report.Visited} logs visited: all {report.Entries} entries take {Math.Max(2, report.Runs)} runs."
            : ".");

    /// <summary>The age below which the database lets no entry go is the one that this program was built with.</summary>
    private async Task<string?> FindLoweredAgeAsync(CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(CanaryLog.Scope);
        var age = await session.SingleOrDefaultAsync("select extract(epoch from audit.youngest_pruned())::bigint", [], row => row.GetInt64(0), cancellationToken);
        return age == (long)PruneEvidence.Youngest.TotalSeconds
            ? null
            : $"the database lets entries go after {age / 86_400} days, and not only after {PruneEvidence.Youngest.TotalDays:0}";
    }

    /// <summary>Strict mode: an entry must be part of its log before its transaction ends. This one is rolled back.</summary>
    private async Task<string?> FindWindowAsync(CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(CanaryLog.Scope);
        await session.BeginAsync(cancellationToken);
        try
        {
            var entry = await session.RecordAsync(new AuditEvent("canary.strict"), cancellationToken);
            return await EntryIndex.FindAsync(session, entry, cancellationToken) is null ? "an entry is not part of its log when its transaction ends, though the posture says so" : null;
        }
        finally
        {
            await session.RollbackAsync(CancellationToken.None);
        }
    }
}
