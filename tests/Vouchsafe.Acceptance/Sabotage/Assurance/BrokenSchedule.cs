using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Acceptance.Running;
using Vouchsafe.Acceptance.Sabotage.Audit;
using Vouchsafe.Assurance.Results;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Evidence;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Sabotage;

namespace Vouchsafe.Acceptance.Sabotage.Assurance;

/// <summary>What the operator's database and log look like after something went wrong with the schedule, which nothing puts right meanwhile.</summary>
internal abstract class BrokenSchedule(string name, string expected) : ISabotage
{
    /// <summary>Somebody holds the job's lease and does nothing.</summary>
    private const string Hold =
        """
        insert into vouchsafe.job_leases (job, holder, held_until, due_at) values ('assurance.checks', '00000000-0000-0000-0000-00000000dead', now() + interval '1 day', now())
        on conflict (job) do update set holder = excluded.holder, held_until = excluded.held_until;
        """;

    private const string Release = "update vouchsafe.job_leases set holder = null, held_until = null where job = 'assurance.checks';";

    public string Control => "assurance.schedule";

    public string Name => name;

    public string ExpectedMessageFragment => expected;

    public async Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        await Superuser.ScalarAsync(context, Hold, cancellationToken);
        return await DoAsync(context, cancellationToken);
    }

    public async Task MendAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        await UndoAsync(context, cancellationToken);
        await Superuser.ScalarAsync(context, Release, cancellationToken);
    }

    protected abstract Task<string?> DoAsync(SabotageContext context, CancellationToken cancellationToken);

    protected virtual Task UndoAsync(SabotageContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    protected static Task<ResultSnapshot> ResultsAsync(SabotageContext context, CancellationToken cancellationToken) =>
        context.Nodes[0].GetRequiredService<ResultLog>().ReadAsync(sequence: true, cancellationToken);

    /// <summary>Records as the application does: with its keys, and tied to what came before.</summary>
    protected static Task RecordAsync(SabotageContext context, string? control, string name, IReadOnlyList<AuditField> fields, CancellationToken cancellationToken) =>
        context.Nodes[0].GetRequiredService<ResultRecorder>().RecordAsync(_ => (new AuditEvent(name, fields), control), cancellationToken);
}

/// <summary>The nodes' time and the database's part.</summary>
internal abstract class MovedClock(string name, string expected, TimeSpan by) : BrokenSchedule(name, expected)
{
    protected override Task<string?> DoAsync(SabotageContext context, CancellationToken cancellationToken) => Move(context, by);

    protected override Task UndoAsync(SabotageContext context, CancellationToken cancellationToken) => Move(context, TimeSpan.Zero);

    private static Task<string?> Move(SabotageContext context, TimeSpan ahead)
    {
        foreach (var node in context.Nodes) ((MovableDatabaseClock)node.GetRequiredService<IDatabaseClock>()).Ahead = ahead;
        return Task.FromResult<string?>($"the database's clock went {ahead} ahead of the nodes'");
    }
}

internal sealed class StoppedSchedule() : MovedClock("stop the schedule", "overdue", TimeSpan.FromHours(1));

internal sealed class LateClock() : MovedClock("set the nodes' clocks back", "behind the database's", TimeSpan.FromSeconds(90));

internal sealed class BlindCheck() : BrokenSchedule("let a check stay green in a drill", "stayed green in a drill")
{
    protected override async Task<string?> DoAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        await RecordAsync(context, await DrilledAsync(context, "no", cancellationToken), cancellationToken);
        return "a drill that no check saw";
    }

    protected override async Task UndoAsync(SabotageContext context, CancellationToken cancellationToken) =>
        await RecordAsync(context, await DrilledAsync(context, "yes", cancellationToken), cancellationToken);

    private static async Task<(string Control, string SeenRed)> DrilledAsync(SabotageContext context, string seenRed, CancellationToken cancellationToken) =>
        ((await ResultsAsync(context, cancellationToken)).Newest.Keys.Where(control => control != "assurance.schedule").Min(StringComparer.Ordinal)!, seenRed);

    private static Task RecordAsync(SabotageContext context, (string Control, string SeenRed) drill, CancellationToken cancellationToken) => RecordAsync(
        context, drill.Control, EvidenceDocument.DrillRan,
        [new("control", drill.Control), new("began-at", TrustStatement.Time(TimeProvider.System.GetUtcNow())), new("changed", "nothing"), new("seen-red", drill.SeenRed), new("message", "")], cancellationToken);
}

/// <summary>An old green result is recorded behind the newest one, with the number that it had: it opens with the operator's key.</summary>
/// <remarks>Recorded anew, with salts of its own: a copy of the entry itself turns audit.immutable red for good, as it should.</remarks>
internal sealed class RepeatedResult() : BrokenSchedule("repeat an old result", "repeats result")
{
    protected override async Task<string?> DoAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        var old = (await ResultsAsync(context, cancellationToken)).Newest.Values.First(run => run.Holds).Entry;
        await using var session = context.Nodes[0].GetRequiredService<IDatabase>().Tenant(SystemLog.Scope(Actor.System("assurance")));
        await session.RecordAsync(new AuditEvent(old.Event, [.. old.Fields.Select(field => new AuditField(field.Name, field.Value))]), cancellationToken);
        return $"the result {old.Id} stands in the log once more";
    }
}

/// <summary>The log has a claim under the posture in force that the posture lacks, and no word of its deletion.</summary>
internal sealed class VanishedClaim() : BrokenSchedule("lose a claim without a word", "gone from the posture")
{
    protected override async Task<string?> DoAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        await AdoptAsync(context, ["ZZ-999"], cancellationToken);
        return "the log has the claim ZZ-999 under the posture in force";
    }

    protected override Task UndoAsync(SabotageContext context, CancellationToken cancellationToken) => AdoptAsync(context, [], cancellationToken);

    private static Task AdoptAsync(SabotageContext context, IReadOnlyList<string> more, CancellationToken cancellationToken)
    {
        var posture = context.Nodes[0].GetRequiredService<Posture>();
        var claims = string.Join(',', posture.Claims.Select(claim => claim.Id).Concat(more).Select(id => $"\"{id}\""));
        return RecordAsync(
            context, null, Adoption.Event,
            [new("posture", posture.Hash), new("name", posture.Name), new("claims", $"[{claims}]"), new("withdrawn", "[]"), new("deleted", "[]")], cancellationToken);
    }
}
