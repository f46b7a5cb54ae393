using System.Text.Json.Nodes;
using Vouchsafe.Assurance.Postures;
using Vouchsafe.Assurance.Results;
using Vouchsafe.Assurance.Schedule;
using Vouchsafe.Assurance.Tests.Running;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Assurance.Tests.Postures;

/// <summary>Which posture is in force, and what it changed, stands in the operator's log: a claim doesn't go without a word.</summary>
public sealed class Adoptions : OnTwoNodes
{
    private const string Schedule = "assurance.schedule";

    [Fact]
    public async Task A_posture_is_recorded_once_across_nodes_and_not_again()
    {
        await Task.WhenAll(One.Get<PostureAdoption>().StartAsync(Stop), Other.Get<PostureAdoption>().StartAsync(Stop));
        await One.RoundAsync(Stop);
        await using var later = await StartAsync();
        await later.Get<PostureAdoption>().StartAsync(Stop);
        var adopted = Assert.Single((await One.ResultsAsync(Stop)).Adoptions);
        Assert.Equal((Posture.Name, Posture.Hash), (adopted.Posture, adopted.Hash));
        Assert.Equal(["SC-01", "SC-02", "SC-03", "SC-04"], adopted.Claims);
    }

    [Fact]
    public async Task What_a_posture_changes_is_in_its_entry()
    {
        await One.RoundAsync(Stop);
        Time.Advance(Every);
        await using var changed = await StartAsync(posture: Changed());
        await changed.Get<PostureAdoption>().StartAsync(Stop);
        var adopted = (await changed.ResultsAsync(Stop)).Adoptions[0];
        Assert.Equal("""["SC-05"]""", adopted.Entry["added"]);
        Assert.Equal("""["SC-01"]""", adopted.Entry["withdrawn"]);
        Assert.Equal("""["SC-04"]""", adopted.Entry["reinstated"]);
        Assert.Equal("""[{"id":"SC-02","text":"And nothing else."}]""", adopted.Entry["deleted"]);
        Assert.Equal("""["SC-03"]""", adopted.Entry["reworded"]);
        Assert.StartsWith("""[{"figure":"assurance.schedule.red-within","from":"7776000","to":"3888000"},""", adopted.Entry["figures"], StringComparison.Ordinal);
        Assert.Equal(Posture.Hash, adopted.Entry["posture-before"]);
    }

    [Fact]
    public async Task A_claim_that_was_deleted_stays_on_the_statement_with_the_day_it_went()
    {
        await One.RoundAsync(Stop);
        Time.Advance(Every);
        var at = Time.GetUtcNow();
        await using var changed = await StartAsync(posture: Changed());
        await changed.RoundAsync(Stop);
        Time.Advance(TimeSpan.FromDays(1));
        await using var later = await StartAsync(posture: Changed());
        foreach (var node in new[] { changed, later })
        {
            var statement = JsonNode.Parse(await node.GetAsync("/trust.json", Stop))!;
            var deleted = Assert.Single(statement["deleted"]!.AsArray())!;
            Assert.Equal(("SC-02", "And nothing else.", Claims.Evidence.TrustStatement.Time(at)), ((string?)deleted["id"], (string?)deleted["text"], (string?)deleted["deletedAt"]));
            Assert.Equal(200, await node.StatusAsync((string)deleted["evidence"]!, Stop));
            var withdrawn = Assert.Single(statement["withdrawn"]!.AsArray())!;
            Assert.Equal(("SC-01", Claims.Evidence.TrustStatement.Time(at)), ((string?)withdrawn["id"], (string?)withdrawn["recordedAt"]));
        }
    }

    [Fact]
    public async Task Without_the_content_of_the_posture_before_the_log_still_names_what_was_deleted()
    {
        await One.RoundAsync(Stop);
        await TestDatabase.RunAsync(Shared.Superuser, "update assurance.postures set content = replace(content, 'And nothing else.', 'Nothing at all.')");
        await using var changed = await StartAsync(posture: Changed());
        await changed.Get<PostureAdoption>().StartAsync(Stop);
        Assert.Equal("""[{"id":"SC-02","text":""}]""", (await changed.ResultsAsync(Stop)).Adoptions[0].Entry["deleted"]);
    }

    [Fact]
    public async Task A_claim_that_vanished_without_an_entry_turns_the_schedule_red()
    {
        await One.RoundAsync(Stop);
        await One.Get<ResultRecorder>().RecordAsync(
            _ => (new Audit.Trail.AuditEvent(
                Adoption.Event, new Audit.Trail.AuditField("posture", Posture.Hash), new Audit.Trail.AuditField("name", Posture.Name),
                new Audit.Trail.AuditField("claims", """["SC-01","SC-02","SC-03","SC-04","SC-99"]"""), new Audit.Trail.AuditField("withdrawn", "[]"), new Audit.Trail.AuditField("deleted", "[]")), null),
            Stop);
        var finding = await One.Checks.RunAsync(Schedule, Stop);
        Assert.False(finding.Holds);
        Assert.Contains("has the claim SC-99, which is gone from the posture", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_whose_posture_no_entry_tells_of_is_red()
    {
        await One.RoundAsync(Stop);
        await using var silent = await StartAsync(posture: Changed());
        Assert.Contains("no entry of the operator's log tells of", (await silent.Checks.RunAsync(Schedule, Stop)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_postures_side_by_side_are_a_deployment_until_they_last_too_long()
    {
        await One.RoundAsync(Stop);
        await using var changed = await StartAsync(posture: Changed());
        await changed.Get<PostureAdoption>().StartAsync(Stop);
        for (var minutes = 0; minutes < ScheduleCheck.Rollout.TotalMinutes; minutes++)
        {
            Time.Advance(Every);
            foreach (var control in new[] { Tls, Hsts }) await One.Checks.RunAsync(control, Stop);
        }
        Assert.True((await One.Checks.RunAsync(Schedule, Stop)).Holds);
        Time.Advance(TimeSpan.FromSeconds(1));
        var finding = await One.Checks.RunAsync(Schedule, Stop);
        Assert.Contains("that was replaced at", finding.Message, StringComparison.Ordinal);
        // They didn't take turns in the log.
        Assert.Equal(2, (await One.ResultsAsync(Stop)).Adoptions.Count);
    }

    private static Posture Changed() => PostureFile.Parse("""
        posture: scripted
        extends: baseline
        company: { name: Scripted Ltd, product: Scripted, country: IE, contacts: { security: security@scripted.example } }
        languages: [en]
        claims:
          - { id: SC-01, kind: enforced, area: transport, text: { en: "We speak TLS." }, withdrawn: { date: 2026-02-01, reason: { en: "No more." } } }
          - { id: SC-03, kind: operated, area: assurance, text: { en: "We look hard." }, controls: { assurance.schedule: { every: 1m, valid-for: 5m, timeout: 30s, drill-every: 1d, red-within: 45d } } }
          - { id: SC-04, kind: published, area: trust, text: { en: "We told you." }, controls: { trust-pages.measures: { page: /trust } } }
          - { id: SC-05, kind: enforced, area: transport, text: { en: "Again." }, controls: { transport.tls: {}, transport.hsts: {} } }
        """);
}
