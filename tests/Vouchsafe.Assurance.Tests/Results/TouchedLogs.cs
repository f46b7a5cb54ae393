using Vouchsafe.Assurance.Results;
using Vouchsafe.Assurance.Tests.Running;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Evidence;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Assurance.Tests.Results;

/// <summary>Whoever can write each row of the database can't make a result better than it is: as superuser, without the keys.</summary>
public sealed class TouchedLogs : OnTwoNodes
{
    private const string Schedule = "assurance.schedule";
    private const string System = "00000000-0000-7000-8000-000000000001";

    [Fact]
    public async Task There_is_no_table_of_results_to_touch()
    {
        await One.RoundAsync(Stop);
        Assert.Equal(
            "drills_begun, nodes, postures, turns",
            await ScalarAsync("select string_agg(relname, ', ' order by relname) from pg_class where relnamespace = 'assurance'::regnamespace and relkind in ('r', 'p', 'v', 'm')"));
    }

    [Fact]
    public async Task A_copy_of_an_old_result_hides_no_newer_one()
    {
        await One.RoundAsync(Stop);
        var green = (await One.ResultsAsync(Stop)).Newest[Tls].Entry.Id;
        Time.Advance(Every);
        TlsCheck.Whole = false;
        await One.Checks.RunAsync(Tls, Stop);
        await RunAsync(
            $"""
            insert into audit.entries (tenant_id, append_id, leaves, sealed)
            select tenant_id, '01999999-0000-7000-8000-000000000000', leaves, sealed from audit.entries where tenant_id = '{System}' and append_id = '{green}';
            insert into audit.pending (tenant_id, append_id, hashes)
            select tenant_id, append_id, sha256('\x00'::bytea || leaves[1]) from audit.entries where append_id = '01999999-0000-7000-8000-000000000000'
            """);
        Assert.Contains("repeats result", (await One.Checks.RunAsync(Schedule, Stop)).Message, StringComparison.Ordinal);
        await ForAllAsync(async node => Assert.Equal(Verdict.Failed, (await node.StateAsync("SC-01", Stop)).Verdict));
    }

    [Fact]
    public async Task A_red_that_is_removed_or_edited_leaves_no_green()
    {
        await One.RoundAsync(Stop);
        Time.Advance(Every);
        TlsCheck.Whole = false;
        await One.Checks.RunAsync(Tls, Stop);
        var red = (await One.ResultsAsync(Stop)).Newest[Tls].Entry.Id;
        await RunAsync($"update audit.entries set sealed[1] = ''::bytea where append_id = '{red}'");
        await using (var later = await StartAsync())
            Assert.Equal(Verdict.Failed, (await later.StateAsync("SC-01", Stop)).Verdict);
        await RunAsync($"delete from audit.entries where append_id = '{red}'");
        await using (var later = await StartAsync())
        {
            var state = await later.StateAsync("SC-01", Stop);
            Assert.Equal(Verdict.Failed, state.Verdict);
            Assert.Contains("can't be read", state.Message, StringComparison.Ordinal);
            Assert.Contains("was removed", (await later.Checks.RunAsync(Schedule, Stop)).Message, StringComparison.Ordinal);
        }
        // The node that read it before it was removed knows better, and says so.
        Assert.Contains("somebody cut it", (await One.StateAsync("SC-01", Stop)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_is_shorter_than_it_was_counts_for_nothing()
    {
        await One.RoundAsync(Stop);
        Time.Advance(Every);
        TlsCheck.Whole = false;
        await One.Checks.RunAsync(Tls, Stop);
        await RunAsync($"update audit.heads set size = size - 1 where tenant_id = '{System}'");
        await OneIsRedAsync("can't be relied on: it had");
    }

    [Fact]
    public async Task A_log_that_was_written_anew_counts_for_nothing()
    {
        await One.RoundAsync(Stop);
        await RunAsync($"update audit.tails set hashes = overlay(hashes placing sha256('x') from 1 for 32) where tenant_id = '{System}' and first_index = 0");
        await using var later = await StartAsync();
        Assert.NotEqual(Verdict.Verified, (await later.StateAsync("SC-01", Stop)).Verdict);
        await using (var session = One.Get<Postgres.Sessions.IDatabase>().Tenant(Audit.Logs.SystemLog.Scope(Postgres.Tenancy.Actor.System("test"))))
            await session.RecordAsync(new AuditEvent("staff.did-something"), Stop);
        await One.Get<TrailReader>().OpenVerifiedAsync(Audit.Logs.SystemLog.Tenant, null, sequence: true, Stop);
        await OneIsRedAsync("can't be relied on: its first");
    }

    [Fact]
    public async Task A_result_that_is_suppressed_before_it_is_numbered_is_missed()
    {
        await One.RoundAsync(Stop);
        Time.Advance(Every);
        TlsCheck.Whole = false;
        await RunAsync(
            """
            create function public.hide() returns trigger language plpgsql as 'begin return null; end';
            create trigger hide before insert on audit.pending for each row execute function public.hide()
            """);
        await One.Checks.RunAsync(Tls, Stop);
        await RunAsync("drop trigger hide on audit.pending");
        var state = await One.StateAsync("SC-01", Stop);
        Assert.Equal(Verdict.Failed, state.Verdict);
        Assert.Contains("isn't in the operator's log", state.Message, StringComparison.Ordinal);
        Assert.Contains("didn't get into the operator's log", (await One.Checks.RunAsync(Schedule, Stop)).Message, StringComparison.Ordinal);
        // The next look is in the log again.
        await One.Checks.RunAsync(Tls, Stop);
        Assert.Contains("somebody cut it", (await One.StateAsync("SC-01", Stop)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_that_is_dated_ahead_never_counts_and_is_told()
    {
        await One.RoundAsync(Stop);
        var behind = new ShiftedTime(Time) { Ahead = -TimeSpan.FromHours(2) };
        DatabaseClock.Ahead = -TimeSpan.FromHours(2);
        await using var past = await StartAsync(behind);
        var state = await past.StateAsync("SC-01", Stop);
        Assert.Equal(Verdict.Failed, state.Verdict);
        Assert.Contains("yet to come, so it doesn't count", state.Message, StringComparison.Ordinal);
        Assert.Contains("which is yet to come", (await past.Checks.RunAsync(Schedule, Stop)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_counts_no_longer_than_the_posture_says_whatever_it_says_itself()
    {
        await One.RoundAsync(Stop);
        await RecordAsync(Tls, holds: true, "2126-01-01T00:00:00.000Z");
        Assert.Equal(Time.GetUtcNow() + ValidFor, (await One.StateAsync("SC-01", Stop)).ValidUntil);
        Time.Advance(ValidFor);
        Assert.Equal(Verdict.Stale, (await Other.StateAsync("SC-01", Stop)).Verdict);
    }

    [Fact]
    public async Task A_result_under_another_posture_is_no_green_and_still_a_red()
    {
        await One.RoundAsync(Stop);
        var before = (await One.StateAsync("SC-01", Stop)).CheckedAt;
        Time.Advance(Every);
        await RecordAsync(Tls, holds: true, TrustStatement.Time(Time.GetUtcNow() + ValidFor), new string('0', 64));
        Assert.Equal(before, (await One.StateAsync("SC-01", Stop)).CheckedAt);
        await RecordAsync(Tls, holds: false, TrustStatement.Time(Time.GetUtcNow() + ValidFor), new string('0', 64));
        Assert.Equal(Verdict.Failed, (await One.StateAsync("SC-01", Stop)).Verdict);
    }

    [Fact]
    public async Task A_node_that_starts_later_knows_what_one_knows_that_was_there()
    {
        await One.RoundAsync(Stop);
        for (var times = 0; times < 3; times++)
        {
            Time.Advance(Every);
            TlsCheck.Whole = times != 1;
            HstsCheck.Whole = times != 0;
            await One.Checks.RunAsync(Tls, Stop);
            await Other.Checks.RunAsync(Hsts, Stop);
        }
        // Two further rounds: the changes, the drill and the posture lie behind what a start has to read.
        for (var times = 0; times < 2; times++)
        {
            Time.Advance(Every);
            await One.RoundAsync(Stop);
        }
        for (var entry = 0; entry < 300; entry++) await RecordAsync(entry % 2 == 0 ? Tls : Hsts, holds: true, TrustStatement.Time(Time.GetUtcNow() + ValidFor));
        Time.Advance(Every);
        await One.RoundAsync(Stop);
        await using var later = await StartAsync();
        var (known, read) = (await One.ResultsAsync(Stop), await later.ResultsAsync(Stop));
        Assert.Equal(2, known.Failures.Count);
        Assert.Equal(known.Failures, read.Failures);
        Assert.Equal(known.Results.OrderBy(result => result.Key), read.Results.OrderBy(result => result.Key));
        Assert.Equal(known.Drills[Tls].Entry.Id, read.Drills[Tls].Entry.Id);
        Assert.Equal(known.Adoptions[0].Entry.Id, read.Adoptions[0].Entry.Id);
        Assert.Equal(known.Next, read.Next);
        Assert.Empty(read.Faults);
    }

    private async Task OneIsRedAsync(string said)
    {
        var state = await One.StateAsync("SC-01", Stop);
        Assert.Equal(Verdict.Failed, state.Verdict);
        Assert.Contains(said, state.Message, StringComparison.Ordinal);
        var schedule = (await One.StateAsync("SC-03", Stop)).Message;
        Assert.Contains(said, schedule, StringComparison.Ordinal);
    }

    private async Task ForAllAsync(Func<Node, Task> look)
    {
        await look(One);
        await look(Other);
        await using var later = await StartAsync();
        await look(later);
    }

    private Task RecordAsync(string control, bool holds, string validUntil, string? posture = null) => One.Get<ResultRecorder>().RecordAsync(
        known => (new AuditEvent(
            EvidenceDocument.CheckRan, new AuditField("control", control), new AuditField("posture", posture ?? Posture.Hash), new AuditField("verdict", holds ? "verified" : "failed"),
            new AuditField("message", "Recorded by hand."), new AuditField("checked-at", TrustStatement.Time(Time.GetUtcNow())), new AuditField("valid-until", validUntil),
            new AuditField("change", holds == known.IsFailing(control) ? "yes" : "no")), control),
        Stop);

    private Task RunAsync(string sql) => TestDatabase.RunAsync(Shared.Superuser, sql);

    private Task<object?> ScalarAsync(string sql) => TestDatabase.ScalarAsync(Shared.Superuser, sql);
}
