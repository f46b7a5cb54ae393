using Vouchsafe.Testing.Exports;
using Vouchsafe.Transparency.Exports;
using Xunit;

namespace Vouchsafe.Transparency.Tests.Exports;

/// <summary>What a log may lose, and what looks like it and isn't.</summary>
public sealed class Lawful
{
    private const int Person = 3;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Erased_values_with_their_record_are_lawful()
    {
        var log = ErasedLog(recorded: true);
        var report = await Forgeries.VerifyAsync(log, await log.ExportAsync());
        Assert.Equal((ExportVerdict.LawfullyErased, 43), (report.Verdict, report.Erased));
        Assert.Empty(report.Findings);
    }

    [Fact]
    public async Task Erased_values_without_a_record_are_withheld()
    {
        var log = ErasedLog(recorded: false);
        var report = await Forgeries.VerifyAsync(log, await log.ExportAsync());
        Assert.Equal(ExportVerdict.Tampered, report.Verdict);
        Assert.Equal((FindingKind.Withheld, Person), (report.Findings[0].Kind, report.Findings[0].Index!.Value));
        Assert.Single(report.Findings);
    }

    [Theory]
    [InlineData("\"erased\"")]
    [InlineData("\"unreadable\"")]
    public async Task Values_of_somebody_else_that_are_taken_out_are_withheld(string instead)
    {
        var log = ErasedLog(recorded: true);
        var text = await log.ExportTextAsync();
        var at = text.At(201);
        text.Lines[at] = text.Lines[at][..(text.Lines[at].IndexOf("\"fields\":", StringComparison.Ordinal) + 9)] + instead + "}";
        var finding = Assert.Single((await Forgeries.VerifyAsync(log, text.ToBytes())).Findings);
        Assert.Equal((FindingKind.Withheld, 201), (finding.Kind, finding.Index!.Value));
    }

    [Theory]
    [InlineData(256, 700)]
    [InlineData(512, 700)]
    [InlineData(66_048, 66_800)]
    [InlineData(131_072, 131_400)]
    public async Task A_pruned_log_with_its_record_is_pruned(long pruned, long size)
    {
        var log = PrunedLog(size, pruned);
        var report = await Forgeries.VerifyAsync(log, await log.ExportAsync(pruned));
        Assert.Empty(report.Findings);
        Assert.Equal((ExportVerdict.Pruned, pruned, size - pruned), (report.Verdict, report.Pruned, report.Entries));
    }

    [Fact]
    public async Task A_log_without_its_beginning_and_without_a_record_is_tampered_with()
    {
        var log = PrunedLog(700, 256);
        foreach (var (export, pruned) in new[] { (await log.ExportAsync(512), 512), (await new SampleLog(700, (id, n) => SampleEntry.Event(id, n, 1)).ExportAsync(256), 256) })
        {
            var finding = Assert.Single((await Forgeries.VerifyAsync(log, export)).Findings);
            Assert.Equal((FindingKind.PrunedWithoutRecord, 0, pruned - 1), (finding.Kind, finding.Index, finding.Last));
        }
    }

    [Theory]
    [InlineData(1, 180, "", 512, null)]
    [InlineData(1, 179, "", 512, "took entries younger than 180 days")]
    [InlineData(1, 200, "last", 512, "doesn't show how old they were")]
    [InlineData(1, 200, "path", 512, "doesn't show how old they were")]
    [InlineData(1, 200, "frozen", 512, "names other roots")]
    [InlineData(2, 200, "", 512, "names other roots")]
    [InlineData(1, 200, "", 256, "names more than the 256 that are missing")]
    public async Task A_prune_record_shows_what_went_and_how_old_it_was(int person, int days, string without, long pruned, string? fault)
    {
        var log = new SampleLog(700, (id, n) => n == 650 ? SampleEntry.Prune(id, n, 512, person, days, without) : SampleEntry.Event(id, n, 1));
        var report = await Forgeries.VerifyAsync(log, await log.ExportAsync(pruned));
        Assert.Equal(fault is null ? ExportVerdict.Pruned : ExportVerdict.Tampered, report.Verdict);
        if (fault is not null)
        {
            var finding = Assert.Single(report.Findings);
            Assert.Equal((FindingKind.PrunedWithoutRecord, 0, pruned - 1), (finding.Kind, finding.Index, finding.Last));
            Assert.Contains(fault, finding.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0, 0, Continuity.NotAsked)]
    [InlineData(1, 0, Continuity.Continues)]
    [InlineData(255, 0, Continuity.Continues)]
    [InlineData(256, 0, Continuity.Continues)]
    [InlineData(513, 0, Continuity.Continues)]
    [InlineData(700, 0, Continuity.Continues)]
    [InlineData(512, 512, Continuity.Continues)]
    [InlineData(600, 512, Continuity.Continues)]
    [InlineData(100, 512, Continuity.Unanswered)]
    public async Task An_earlier_checkpoint_is_a_beginning_of_the_log(long earlier, long pruned, Continuity expected)
    {
        var log = pruned > 0 ? PrunedLog(700, pruned) : new SampleLog(700, (id, n) => SampleEntry.Event(id, n, 1));
        var report = await ExportVerifier.VerifyAsync(
            new MemoryStream(await log.ExportAsync(pruned)), new ExportTrust { Key = log.Key, Previous = [await log.CheckpointAsync(earlier)] }, Cancellation);
        Assert.Equal(expected, report.Previous);
        Assert.Empty(report.Findings);
    }

    [Fact]
    public async Task A_proof_answers_for_a_checkpoint_among_what_was_pruned()
    {
        var log = PrunedLog(700, 512);
        var report = await ExportVerifier.VerifyAsync(
            new MemoryStream(await log.ExportAsync(512, since: 100)), new ExportTrust { Key = log.Key, Previous = [await log.CheckpointAsync(100)] }, Cancellation);
        Assert.Equal((ExportVerdict.Pruned, Continuity.Continues), (report.Verdict, report.Previous));

        var other = new SampleLog(700, (id, n) => n == 650 ? SampleEntry.Prune(id, n, 512, person: 2) : SampleEntry.Event(id, n, 2));
        report = await ExportVerifier.VerifyAsync(
            new MemoryStream(await other.ExportAsync(512, since: 100)), new ExportTrust { Key = log.Key, Previous = [await log.CheckpointAsync(100)] }, Cancellation);
        // A proof that doesn't hold shows that somebody altered something, and not who: it is not the log that signed it.
        Assert.Equal((ExportVerdict.Tampered, Continuity.Unanswered), (report.Verdict, report.Previous));
        Assert.Equal(FindingKind.HashesAltered, Assert.Single(report.Findings).Kind);
    }

    [Fact]
    public async Task A_smaller_log_than_before_was_rolled_back()
    {
        var (before, after) = (new SampleLog(700, (id, n) => SampleEntry.Event(id, n, 1)), new SampleLog(600, (id, n) => SampleEntry.Event(id, n, 1)));
        var report = await ExportVerifier.VerifyAsync(
            new MemoryStream(await after.ExportAsync()), new ExportTrust { Key = after.Key, Previous = [await before.CheckpointAsync(700)] }, Cancellation);
        Assert.Equal((ExportVerdict.Tampered, Continuity.RolledBack), (report.Verdict, report.Previous));
        var finding = Assert.Single(report.Findings);
        Assert.Equal((FindingKind.RolledBack, 600, 699), (finding.Kind, finding.Index, finding.Last));
    }

    [Fact]
    public async Task Another_history_under_the_same_key_is_a_split_view()
    {
        var seen = new SampleLog(500, (id, n) => SampleEntry.Event(id, n, 1));
        var shown = new SampleLog(700, (id, n) => SampleEntry.Event(id, n, n == 321 ? 2 : 1));
        var trust = new ExportTrust { Key = seen.Key, Previous = [await seen.CheckpointAsync(500), await seen.CheckpointAsync(300)] };
        var report = await ExportVerifier.VerifyAsync(new MemoryStream(await shown.ExportAsync()), trust, Cancellation);
        Assert.Equal((ExportVerdict.SplitView, Continuity.Differs), (report.Verdict, report.Previous));
        var finding = Assert.Single(report.Findings);
        Assert.Equal((FindingKind.SplitView, 300, 499), (finding.Kind, finding.Index, finding.Last));
    }

    [Fact]
    public async Task A_checkpoint_of_another_log_is_refused()
    {
        var (log, other) = (new SampleLog(10, (id, n) => SampleEntry.Event(id, n, 1)), new SampleLog(10, (id, n) => SampleEntry.Event(id, n, 1), seed: 9));
        var (export, earlier) = (await log.ExportAsync(), await other.CheckpointAsync(5));
        await Assert.ThrowsAsync<ExportException>(() => ExportVerifier.VerifyAsync(new MemoryStream(export), new ExportTrust { Key = log.Key, Previous = [earlier] }, Cancellation));
        var report = await ExportVerifier.VerifyAsync(new MemoryStream(export), new ExportTrust { Previous = [earlier] }, Cancellation);
        Assert.Equal(FindingKind.Resigned, Assert.Single(report.Findings).Kind);
    }

    private static SampleLog ErasedLog(bool recorded) => new(300, (id, n) =>
        recorded && n == 280 ? SampleEntry.Erasure(id, n, Person)
        : n % 7 == Person ? SampleEntry.Event(id, n, Person).Erased() : SampleEntry.Event(id, n, (int)(n % 7)));

    private static SampleLog PrunedLog(long size, long pruned) =>
        new(size, (id, n) => n == size - 20 ? SampleEntry.Prune(id, n, pruned) : SampleEntry.Event(id, n, 1));
}
