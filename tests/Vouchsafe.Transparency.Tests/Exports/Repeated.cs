using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Testing.Exports;
using Vouchsafe.Transparency.Exports;
using Vouchsafe.Transparency.Exports.Verifying;
using Xunit;

namespace Vouchsafe.Transparency.Tests.Exports;

/// <summary>Entries that a log holds twice, under a good signature: each is sound by itself.</summary>
public sealed class Repeated
{
    [Theory]
    [InlineData(300, 300, 0, 256)]
    [InlineData(700, 699, 3, 1)]
    [InlineData(700, 10, 9, 1)]
    [InlineData(66_000, 65_900, 12, 100)]
    public async Task They_are_named(long size, long second, long first, long count)
    {
        var log = new SampleLog(Math.Max(size, second + count), (id, n) => SampleEntry.Event(id, n >= second && n < second + count ? n - second + first : n, 1));
        var report = await Forgeries.VerifyAsync(log, await log.ExportAsync());
        Assert.Equal(ExportVerdict.Tampered, report.Verdict);
        Assert.Equal(0, report.Uncompared);
        Assert.Equal(count, report.Findings.Sum(finding => (finding.Last ?? finding.Index!.Value) - finding.Index!.Value + 1));
        Assert.All(report.Findings, finding => Assert.Equal(FindingKind.Repeated, finding.Kind));
        Assert.Equal((second, first), (report.Findings[0].Index, report.Findings[0].CopyOf!.Value));
        Assert.Contains("once more", report.Findings[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_copies_are_both_held_to_the_first()
    {
        var log = new SampleLog(600, (id, n) => SampleEntry.Event(id, n is 300 or 500 ? 7 : n, 1));
        var report = await Forgeries.VerifyAsync(log, await log.ExportAsync());
        Assert.Equal([(300L, 7L), (500L, 7L)], report.Findings.Select(finding => (finding.Index!.Value, finding.CopyOf!.Value)));
    }

    [Fact]
    public async Task A_file_is_read_again_for_what_was_let_go()
    {
        var log = new SampleLog(5000, (id, n) => SampleEntry.Event(id, n is >= 4500 and < 4510 ? n - 4400 : n == 4700 ? 3 : n, 1));
        var export = await log.ExportAsync();
        var trust = new ExportTrust { Key = log.Key, Compared = 256 };
        var report = await ExportVerifier.VerifyAsync(new MemoryStream(export), trust, TestContext.Current.CancellationToken);
        Assert.Equal([(4700L, 3L), (4500L, 100L)], report.Findings.OrderBy(finding => finding.CopyOf).Select(finding => (finding.Index!.Value, finding.CopyOf!.Value)));
        Assert.Equal((ExportVerdict.Tampered, 0), (report.Verdict, report.Uncompared));

        // What comes once only can't be read again.
        await using var once = new OnceStream(export);
        report = await ExportVerifier.VerifyAsync(once, trust, TestContext.Current.CancellationToken);
        Assert.Equal((ExportVerdict.Valid, 11), (report.Verdict, report.Uncompared));
    }

    [Fact]
    public void What_was_let_go_is_never_taken_for_new_and_never_accuses()
    {
        var findings = new FindingList();
        var repetitions = new Repetitions(findings, held: 100);
        for (var n = 0; n < 1000; n++)
            repetitions.Note(n, HashOf(n), 1_000_000 + n);
        Assert.Equal(0, repetitions.Uncompared);
        // Remembered: the newest hundred at least.
        repetitions.Note(1000, HashOf(950), 1_000_950);
        // Let go: it can't be told from an entry that committed late.
        repetitions.Note(1001, HashOf(10), 1_000_010);
        repetitions.Note(1002, HashOf(5000), 1_000_020);
        repetitions.Note(1003, HashOf(5001), 2_000_000);
        repetitions.Settle();
        Assert.Equal((1, 2), (findings.Count, repetitions.Uncompared));
        Assert.Equal((1000L, 950L), (findings.Kept[0].Index, findings.Kept[0].CopyOf));
    }

    private sealed class OnceStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }

    private static Digest HashOf(int n) => Sha256.Hash(BitConverter.GetBytes(n));
}
