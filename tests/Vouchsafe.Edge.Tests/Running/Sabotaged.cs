using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Drills;
using Vouchsafe.Edge.Limits;
using Vouchsafe.Testing.Sabotage;
using Xunit;

namespace Vouchsafe.Edge.Tests.Running;

/// <summary>Green, broken, red, mended, green: each sabotage of the edge on two nodes.</summary>
public sealed class Sabotaged(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    public static TheoryData<Type> All() =>
        [.. typeof(Sabotaged).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && typeof(ISabotage).IsAssignableFrom(type)).OrderBy(type => type.Name, StringComparer.Ordinal)];

    [Theory, MemberData(nameof(All))]
    public async Task Its_check_turns_red_and_green_again(Type type)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var sabotage = (ISabotage)Activator.CreateInstance(type)!;
        var check = nodes.One.Check(sabotage.Control);
        var context = new SabotageContext(nodes.Database.Owner, nodes.Database.Superuser, [nodes.One.App.Services, nodes.Two.App.Services]);
        var checking = EdgeNode.Context(check, nodes.Posture, nodes.One, nodes.Two);
        Assert.NotNull(await sabotage.BreakAsync(context, cancellation));
        Finding red;
        try
        {
            red = await check.RunAsync(checking, cancellation);
        }
        finally
        {
            await sabotage.MendAsync(context, CancellationToken.None);
        }
        Assert.False(red.Holds, $"{sabotage.Name} stayed green: {red.Message}");
        Assert.Contains(sabotage.ExpectedMessageFragment, red.Message, StringComparison.OrdinalIgnoreCase);
        var green = await check.RunAsync(checking, cancellation);
        Assert.True(green.Holds, green.Message);
    }

    [Fact]
    public void Every_check_of_the_edge_has_a_sabotage()
    {
        var broken = All().Select(row => ((ISabotage)Activator.CreateInstance(row.Data)!).Control).ToHashSet();
        Assert.Empty(nodes.One.App.Services.GetServices<ICheck>().Select(check => check.Control).Except(broken));
    }

    /// <summary>What an endpoint can name as its limit has a check and a drill of its own.</summary>
    [Fact]
    public void Every_limit_has_a_check_and_a_drill()
    {
        var services = nodes.One.App.Services;
        var limits = services.GetRequiredService<LimitSet>().All.Select(limit => limit.Name).ToList();
        Assert.Empty(limits.Except(services.GetServices<ICheck>().Select(check => check.Control)));
        Assert.Empty(limits.Except(services.GetServices<IDrill>().Select(drill => drill.Control)));
    }
}
