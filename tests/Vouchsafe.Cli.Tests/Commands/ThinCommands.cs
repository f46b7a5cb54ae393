using Vouchsafe.Cli.Postures;
using Vouchsafe.Edge.Tests.Running;
using Xunit;

namespace Vouchsafe.Cli.Tests.Commands;

public sealed class ThinCommands
{
    [Theory, InlineData("apower-flex"), InlineData("apshan"), InlineData("clientflow"), InlineData("fluxi")]
    public void A_posture_that_ships_is_good(string name)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        Assert.Equal(0, PostureCommand.Check(TestPosture.File(name), output, errors, TimeProvider.System));
        Assert.StartsWith(name + ": ", output.ToString(), StringComparison.Ordinal);
        Assert.Empty(errors.ToString());
    }

    [Fact]
    public void A_posture_that_cannot_be_kept_is_told_by_line_and_column()
    {
        var file = Path.Combine(Path.GetTempPath(), $"vouchsafe-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}.yaml");
        File.WriteAllText(file, File.ReadAllText(TestPosture.File("apower-flex")).Replace("attempts: 6", "attempts: none", StringComparison.Ordinal));
        try
        {
            using var output = new StringWriter();
            using var errors = new StringWriter();
            Assert.Equal(1, PostureCommand.Check(file, output, errors, TimeProvider.System));
            Assert.Matches($@"^{System.Text.RegularExpressions.Regex.Escape(file)}:\d+:\d+: ", errors.ToString());
        }
        finally
        {
            File.Delete(file);
        }
    }
}
