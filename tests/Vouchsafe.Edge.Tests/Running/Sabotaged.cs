using Vouchsafe.Claims.Checks;
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
        var check = Check(sabotage.Control);
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
        Assert.Empty(Controls().Except(broken));
    }

    internal static ICheck Check(string control) => Every().Single(check => check.Control == control);

    private static IEnumerable<string> Controls() => Every().Select(check => check.Control);

    private static IEnumerable<ICheck> Every() =>
        typeof(EdgeModule).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && typeof(ICheck).IsAssignableFrom(type))
            .Select(type => (ICheck)Activator.CreateInstance(type)!);
}
