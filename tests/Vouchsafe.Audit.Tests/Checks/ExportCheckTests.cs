using Vouchsafe.Audit.Checks;
using Vouchsafe.Transparency.Exports;
using Vouchsafe.Transparency.Trees;
using Xunit;

namespace Vouchsafe.Audit.Tests.Checks;

public sealed class ExportCheckTests
{
    [Theory]
    [InlineData(Continuity.Continues, 3, 3, true)]
    [InlineData(Continuity.Continues, 3, 4, false)]
    [InlineData(Continuity.Unanswered, 3, 3, false)]
    [InlineData(Continuity.NotAsked, 3, 3, false)]
    [InlineData(Continuity.Differs, 3, 4, false)]
    public void An_export_holds_that_continues_what_was_proven_and_has_every_entry(Continuity previous, long read, long written, bool holds) =>
        Assert.Equal(holds, ExportCheck.Judge(Report(previous, read), written, "").Holds);

    [Fact]
    public void An_export_that_is_none_does_not_hold()
    {
        var finding = ExportCheck.Judge(null, 3, "This is no export.");
        Assert.False(finding.Holds);
        Assert.Contains("This is no export.", finding.Message, StringComparison.Ordinal);
        Assert.False(ExportCheck.Judge(Report(Continuity.Continues, 3), null, "").Holds);
    }

    private static ExportReport Report(Continuity previous, long entries) => new()
    {
        Verdict = ExportVerdict.Valid, Origin = "trust.example/log", Head = new TreeHead(entries, TreeHash.Empty), VerifierKey = "", Previous = previous, Entries = entries, Findings = [], FindingCount = 0,
    };
}
