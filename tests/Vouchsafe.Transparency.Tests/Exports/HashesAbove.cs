using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Testing.Exports;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Exports;
using Vouchsafe.Transparency.Trees;
using Xunit;

namespace Vouchsafe.Transparency.Tests.Exports;

/// <summary>What stands above the entries: the edge, the tiles of higher levels, the roll-up log.</summary>
public sealed class HashesAbove
{
    private static readonly SampleLog Big = new(66_100, (id, n) => SampleEntry.Event(id, n, (int)(n % 5)));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_big_log_has_a_tile_of_level_1_and_it_is_held_to_the_edge()
    {
        var text = await Big.ExportTextAsync();
        Assert.StartsWith("{\"level\":1,\"tile\":0,", text.Lines[0], StringComparison.Ordinal);
        Assert.Equal(ExportVerdict.Valid, (await Forgeries.VerifyAsync(Big, text.ToBytes())).Verdict);

        text.Lines[0] = Turn(text.Lines[0], 4000);
        var finding = Assert.Single((await Forgeries.VerifyAsync(Big, text.ToBytes())).Findings);
        Assert.Equal((FindingKind.HashesAltered, 0, 65_535), (finding.Kind, finding.Index, finding.Last));

        // With an entry altered as well, the hashes of its tile still tell which.
        text.Lines[text.At(30_000)] = text.Lines[text.At(30_000)].Replace("\"leaf\":\"AQ", "\"leaf\":\"Ag", StringComparison.Ordinal);
        Assert.Contains((await Forgeries.VerifyAsync(Big, text.ToBytes())).Findings, one => (one.Kind, one.Index) == (FindingKind.Edited, 30_000));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_tile_above_that_is_missing_or_there_twice_is_told(bool missing)
    {
        var text = await Big.ExportTextAsync();
        if (missing)
            text.Lines.RemoveAt(0);
        else
            text.Lines.Insert(0, text.Lines[0]);
        Assert.Equal(FindingKind.HashesAltered, Assert.Single((await Forgeries.VerifyAsync(Big, text.ToBytes())).Findings).Kind);
    }

    [Fact]
    public async Task An_edge_that_does_not_lead_to_the_root_is_told_and_no_entry_is_blamed()
    {
        var log = new SampleLog(300, (id, n) => SampleEntry.Event(id, n, 1));
        var text = await log.ExportTextAsync();
        text.Header("edge", "\",\"", "\",\"AAAA");
        await Assert.ThrowsAsync<ExportException>(() => Forgeries.VerifyAsync(log, text.ToBytes()));
        var header = await log.HeaderAsync();
        text = await log.ExportTextAsync();
        text.Header("edge", Convert.ToBase64String(header.Edge[1].Span), Convert.ToBase64String(new byte[32]));
        var finding = Assert.Single((await Forgeries.VerifyAsync(log, text.ToBytes())).Findings);
        Assert.Equal((FindingKind.HashesAltered, (long?)null), (finding.Kind, finding.Index));
    }

    [Theory]
    [InlineData("999999999999999999")]
    [InlineData("2")]
    public async Task A_tile_of_no_log_is_told(string index)
    {
        var log = new SampleLog(512, (id, n) => SampleEntry.Event(id, n, 1));
        var text = await log.ExportTextAsync();
        text.Lines.Add(text.Lines[text.TileAt(256)].Replace("\"tile\":1,", $"\"tile\":{index},", StringComparison.Ordinal));
        Assert.Equal(FindingKind.HashesAltered, Assert.Single((await Forgeries.VerifyAsync(log, text.ToBytes())).Findings).Kind);
    }

    [Fact]
    public async Task A_checkpoint_that_the_roll_up_log_holds_is_rolled_up_and_another_is_not()
    {
        var log = new SampleLog(10, (id, n) => SampleEntry.Event(id, n, 1));
        var header = await log.HeaderAsync();
        var salt = Enumerable.Range(0, 16).Select(n => (byte)n).ToArray();
        var leaves = new[] { "another"u8.ToArray(), RollUpLeaf.Build(salt, SignedNote.Parse(header.Checkpoint).Text) }.Select(leaf => TreeHash.Leaf(leaf)).ToArray();
        var above = new Checkpoint(log.Key.Name, TreeEdge.Empty.Append(leaves).Edge.Head).Sign(log.Signer).ToString();

        var report = await VerifyAsync(new ExportRollUp(salt, 1, [leaves[0]], above, log.Key.ToString()));
        Assert.Equal((ExportVerdict.Valid, true), (report.Verdict, report.RolledUp));
        foreach (var wrong in new[]
        {
            new ExportRollUp(salt, 0, [leaves[0]], above, log.Key.ToString()),
            new ExportRollUp(salt, 1, [leaves[1]], above, log.Key.ToString()),
            new ExportRollUp(new byte[16], 1, [leaves[0]], above, log.Key.ToString()),
            new ExportRollUp(salt, 1, [leaves[0]], header.Checkpoint, log.Key.ToString()),
            new ExportRollUp(salt, 1, [leaves[0]], above, "no key"),
            new ExportRollUp(salt, 1, Enumerable.Repeat(default(Digest), 64).ToList(), "no note", log.Key.ToString()),
        })
        {
            report = await VerifyAsync(wrong);
            Assert.Equal((FindingKind.NotRolledUp, false), (Assert.Single(report.Findings).Kind, report.RolledUp));
        }

        Task<ExportReport> VerifyAsync(ExportRollUp rollUp)
        {
            var output = new System.Buffers.ArrayBufferWriter<byte>();
            log.Write(header with { RollUp = rollUp }, output);
            return ExportVerifier.VerifyAsync(new MemoryStream(output.WrittenSpan.ToArray()), new ExportTrust { Key = log.Key }, Cancellation);
        }
    }

    private static string Turn(string line, int at) => line[..at] + (line[at] == 'A' ? 'B' : 'A') + line[(at + 1)..];
}
