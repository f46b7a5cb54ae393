using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Access.Running;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Drills;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Tenants.Canaries;
using Vouchsafe.Tenants.Directory;
using Xunit;

namespace Vouchsafe.Tenants.Tests.Canaries;

/// <summary>Checks and drills of this module touch canaries and nobody else.</summary>
public sealed class CanaryTests(AccessHost host) : IClassFixture<AccessHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private CanaryTenants Tenants => host.Running.GetRequiredService<CanaryTenants>();

    [Theory]
    [InlineData("subscription.trial")]
    [InlineData("contract.controller-identity")]
    public async Task The_check_holds_again_and_again(string control)
    {
        for (var run = 0; run < 2; run++)
        {
            var finding = await RunAsync(control);
            Assert.True(finding.Holds, finding.Message);
        }
    }

    [Fact]
    public async Task A_customers_tenant_cant_be_treated_as_a_canary()
    {
        var (id, form, admin) = await host.NewTenantAsync();
        admin.Dispose();
        var tenant = new TenantId(id);
        var before = await host.Running.GetRequiredService<TenantStore>().FindAsync(tenant, Cancel);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Tenants.RestartAsync(tenant, host.Time.GetUtcNow(), Cancel));
        Assert.False(await Tenants.SetSubscribedAsync(tenant, subscribed: true, Cancel));
        Assert.False(await Tenants.SetNameAsync(tenant, "Somebody else OÜ", Cancel));
        Assert.Equal(before, await host.Running.GetRequiredService<TenantStore>().FindAsync(tenant, Cancel));
    }

    [Fact]
    public async Task Two_nodes_found_one_canary()
    {
        var found = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Tenants.FoundAsync(Canary.Leaving, Cancel)));
        Assert.Single(found.Distinct());
    }

    [Fact]
    public async Task A_drill_turns_the_check_red_and_mending_twice_does_no_harm()
    {
        var drill = Drill("contract.controller-identity");
        Assert.True((await RunAsync(drill.Control)).Holds);
        Assert.NotNull(await drill.BreakAsync(Cancel));
        var red = await RunAsync(drill.Control);
        await drill.MendAsync(Cancel);
        await drill.MendAsync(Cancel);
        Assert.False(red.Holds);
        Assert.Contains(drill.Expected, red.Message, StringComparison.Ordinal);
        Assert.True((await RunAsync(drill.Control)).Holds);
    }

    [Theory]
    [InlineData("subscription.trial")]
    [InlineData("contract.controller-identity")]
    public async Task A_drill_that_finds_it_broken_already_is_void(string control)
    {
        var drill = Drill(control);
        Assert.NotNull(await drill.BreakAsync(Cancel));
        Assert.Null(await drill.BreakAsync(Cancel));
        await drill.MendAsync(Cancel);
    }

    private IDrill Drill(string control) => host.Running.GetServices<IDrill>().Single(drill => drill.Control == control);

    private Task<Finding> RunAsync(string control) => host.Running.GetServices<ICheck>().Single(check => check.Control == control)
        .RunAsync(new CheckContext(host.Target, host.Posture.Figures(control), host.Posture, host.Time), Cancel);
}
