using System.Reflection;
using Vouchsafe.Edge.Answering;
using Vouchsafe.Edge.Tests.Running;
using Vouchsafe.Hosting.Problems;
using Xunit;

namespace Vouchsafe.Edge.Tests.Headers;

public sealed class Documented
{
    [Fact]
    public void Every_problem_of_the_edge_stands_in_the_reference_with_its_status()
    {
        var kinds = typeof(EdgeProblems).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<ProblemKind>().ToArray();
        Assert.NotEmpty(kinds);
        var reference = File.ReadAllText(Path.Combine(Path.GetDirectoryName(TestPosture.File("fluxi"))!, "..", "docs", "reference", "problems.md"));
        foreach (var kind in kinds) Assert.Contains($"| `{kind.Name}` | {kind.Status} |", reference, StringComparison.Ordinal);
    }
}
