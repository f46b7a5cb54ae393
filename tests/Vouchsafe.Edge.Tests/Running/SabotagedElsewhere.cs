using Vouchsafe.Claims.Checks;
using Vouchsafe.Testing.Sabotage;
using Xunit;

namespace Vouchsafe.Edge.Tests.Running;

/// <summary>The sabotages under the other postures: other versions, suites and limits.</summary>
public sealed class SabotagedElsewhere(EdgeDatabase database) : IClassFixture<EdgeDatabase>
{
    [Theory, InlineData("apshan"), InlineData("clientflow"), InlineData("fluxi")]
    public async Task Each_turns_its_check_red(string name)
    {
        var stop = TestContext.Current.CancellationToken;
        var posture = TestPosture.Load(name);
        await using var one = await EdgeNode.StartAsync(database, posture);
        await using var two = await EdgeNode.StartAsync(database, posture);
        var context = new SabotageContext(database.Owner, database.Superuser, [one.App.Services, two.App.Services]);
        foreach (var sabotage in Sabotaged.All().Select(row => (ISabotage)Activator.CreateInstance(row.Data)!))
        {
            var check = one.Check(sabotage.Control);
            Assert.NotNull(await sabotage.BreakAsync(context, stop));
            var red = await check.RunAsync(EdgeNode.Context(check, posture, one, two), stop);
            await sabotage.MendAsync(context, stop);
            Assert.False(red.Holds, $"{sabotage.Name} stayed green: {red.Message}");
            Assert.Contains(sabotage.ExpectedMessageFragment, red.Message, StringComparison.OrdinalIgnoreCase);
            var green = await check.RunAsync(EdgeNode.Context(check, posture, one, two), stop);
            Assert.True(green.Holds, green.Message);
        }
    }
}
