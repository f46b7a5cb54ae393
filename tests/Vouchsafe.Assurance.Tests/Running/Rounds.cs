using Vouchsafe.Assurance.Running;
using Vouchsafe.Claims.Checks;
using Xunit;

namespace Vouchsafe.Assurance.Tests.Running;

/// <summary>A round looks at everything once, whichever node runs it, and whatever a check does.</summary>
public sealed class Rounds : OnTwoNodes
{
    [Fact]
    public async Task Of_two_nodes_one_runs_the_round()
    {
        Drill.Breaking = () => Task.FromResult<string?>(null);
        var ran = await Task.WhenAll(One.RoundAsync(Stop), Other.RoundAsync(Stop));
        Assert.Single(ran, true);
        Assert.Equal(1, HstsCheck.Looks);

        Assert.DoesNotContain(true, await Task.WhenAll(One.RoundAsync(Stop), Other.RoundAsync(Stop)));
        Time.Advance(Every);
        Assert.Single(await Task.WhenAll(One.RoundAsync(Stop), Other.RoundAsync(Stop)), true);
        Assert.Equal(2, HstsCheck.Looks);
    }

    [Fact]
    public async Task Looks_at_one_control_take_turns_across_nodes()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(at => (at % 2 == 0 ? One : Other).Checks.RunAsync(Hsts, Stop)));
        Assert.Equal(8, HstsCheck.Looks);
        Assert.Equal(1, HstsCheck.MostAtOnce);
    }

    [Fact]
    public async Task A_check_that_throws_is_a_failed_claim_and_keeps_no_other_from_running()
    {
        TlsCheck.Script = (_, _) => throw new InvalidOperationException("password=hunter2");
        await One.RoundAsync(Stop);
        var state = await Other.StateAsync("SC-01", Stop);
        Assert.Equal(Verdict.Failed, state.Verdict);
        Assert.Equal("The check of transport.tls itself broke: InvalidOperationException.", state.Message);
        Assert.Equal(1, HstsCheck.Looks);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_check_that_takes_too_long_is_a_failed_claim(bool listens)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        TlsCheck.Script = async (_, cancellation) =>
        {
            var never = new TaskCompletionSource<Finding>();
            begun.SetResult();
            return await (listens ? never.Task.WaitAsync(cancellation) : never.Task);
        };
        var looking = One.Checks.RunAsync(Tls, Stop);
        await begun.Task.WaitAsync(Stop);
        Time.Advance(Timeout);
        var finding = await looking;
        Assert.False(finding.Holds);
        Assert.Equal("The check of transport.tls took longer than 30 s.", finding.Message);
        Assert.Equal(Verdict.Failed, (await Other.StateAsync("SC-01", Stop)).Verdict);
    }

    [Fact]
    public async Task A_shutdown_in_the_middle_of_a_look_is_no_finding()
    {
        using var shutdown = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        TlsCheck.Script = async (_, cancellation) =>
        {
            await shutdown.CancelAsync();
            await Task.Delay(System.Threading.Timeout.Infinite, cancellation);
            return Finding.Held("never");
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => One.Checks.RunAsync(Tls, shutdown.Token));
        Assert.Equal(Verdict.Unknown, (await One.StateAsync("SC-01", Stop)).Verdict);
    }

    [Fact]
    public async Task A_turn_ends_with_the_node_that_holds_it()
    {
        var turns = One.Get<Turns>();
        var held = await turns.TakeAsync(Tls, Stop);
        var waiting = Other.Checks.RunAsync(Tls, Stop);
        Assert.Equal(0, TlsCheck.Looks);
        // The server ends the connection, as it does when a node dies.
        await Testing.Databases.TestDatabase.ScalarAsync(Shared.Superuser,
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'vouchsafe_platform' and state = 'idle in transaction' and datname = current_database()");
        Assert.True((await waiting).Holds);
        await Record.ExceptionAsync(async () => await held.DisposeAsync());
    }

    [Fact]
    public async Task Claims_that_nothing_checks_stop_the_start_up()
    {
        var lacking = new Completeness(Posture, [TlsCheck]);
        var stopped = await Assert.ThrowsAsync<InvalidOperationException>(() => lacking.StartAsync(Stop));
        Assert.Contains("A claim rests on transport.hsts, and no check of it is registered.", stopped.Message, StringComparison.Ordinal);
        var twice = await Assert.ThrowsAsync<InvalidOperationException>(() => new Completeness(Posture, [TlsCheck, TlsCheck, HstsCheck]).StartAsync(Stop));
        Assert.Contains("transport.tls has 2 checks", twice.Message, StringComparison.Ordinal);
        var planned = await Assert.ThrowsAsync<InvalidOperationException>(() => new Completeness(Posture, [new ScriptedCheck("trust-pages.measures")]).StartAsync(Stop));
        Assert.Contains("trust-pages.measures, which the catalogue doesn't know as built", planned.Message, StringComparison.Ordinal);
    }
}
