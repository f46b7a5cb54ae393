using Vouchsafe.Acceptance.Sabotage.Audit;
using Vouchsafe.Testing.Sabotage;

namespace Vouchsafe.Acceptance.Sabotage.Assurance;

/// <summary>What the operator's database looks like after something went wrong with the schedule, which nothing puts right meanwhile.</summary>
internal abstract class BrokenSchedule(string name, string expected, string breaking, string mending, string proof) : ISabotage
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
        await Superuser.ScalarAsync(context, Hold + breaking, cancellationToken);
        return await Superuser.ScalarAsync(context, proof, cancellationToken) is true ? breaking : null;
    }

    public Task MendAsync(SabotageContext context, CancellationToken cancellationToken) => Superuser.ScalarAsync(context, mending + ";" + Release, cancellationToken);
}

internal sealed class StoppedSchedule() : BrokenSchedule(
    "stop the schedule", "overdue",
    // An hour without a round.
    "update assurance.sightings set checked_at = checked_at - interval '1 hour'",
    "update assurance.sightings set checked_at = checked_at + interval '1 hour'",
    "select bool_and(checked_at < now() - interval '50 minutes') from assurance.sightings");

internal sealed class BlindCheck() : BrokenSchedule(
    "let a check stay green in a drill", "stayed green in a drill",
    "insert into assurance.drills (control, began_at, ended_at, seen_red) select control, now(), now(), false from (select control from assurance.sightings where control <> 'assurance.schedule' order by control limit 1) any_control on conflict (control) do update set seen_red = false",
    "update assurance.drills set seen_red = true where seen_red = false and evidence is not null; delete from assurance.drills where evidence is null",
    "select exists (select from assurance.drills where seen_red = false)");
