using System.Security.Cryptography;
using System.Text;
using Vouchsafe.Testing.Exports;
using Vouchsafe.Transparency.Exports;
using Xunit;

namespace Vouchsafe.Transparency.Tests.Exports;

/// <summary>Bytes that are turned, cut off, put in: never valid, never more than a typed error.</summary>
public sealed class Damage
{
    private static readonly SampleLog Log = new(600, (id, n) => SampleEntry.Event(id, n, (int)(n % 5)));
    private static readonly SampleLog Small = new(3, (id, n) => SampleEntry.Event(id, n, (int)(n % 5)));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cut_off_at_any_byte_it_is_not_valid()
    {
        var export = await Small.ExportAsync();
        for (var size = 0; size < export.Length; size++)
            Assert.NotEqual(ExportVerdict.Valid, await VerdictAsync(Small, export[..size]));
        Assert.Equal(ExportVerdict.Valid, await VerdictAsync(Small, export));
    }

    [Fact]
    public async Task Cut_off_among_its_entries_it_says_where()
    {
        var text = await Log.ExportTextAsync();
        foreach (var last in new[] { 0, 100, 255, 256, 598 })
        {
            var whole = Encoding.UTF8.GetString(text.ToBytes());
            var end = whole.IndexOf($"{{\"index\":{last + 1},", StringComparison.Ordinal);
            var report = await Forgeries.VerifyAsync(Log, Encoding.UTF8.GetBytes(whole[..(end + 20)]));
            var finding = Assert.Single(report.Findings);
            Assert.Equal((ExportVerdict.Tampered, FindingKind.Malformed, last + 1, 599), (report.Verdict, finding.Kind, finding.Index, finding.Last));
        }
    }

    [Fact]
    public async Task Any_byte_of_a_small_export_turned_anyhow_it_is_not_valid()
    {
        var export = await Small.ExportAsync();
        for (var at = 0; at < export.Length; at++)
        {
            var was = export[at];
            foreach (var now in new[] { (byte)(was ^ (1 << RandomNumberGenerator.GetInt32(8))), RandomNumberGenerator.GetItems(" \n\0\"\\,}]"u8, 1)[0] })
            {
                export[at] = now;
                if (now != was)
                    Assert.NotEqual(ExportVerdict.Valid, await VerdictAsync(Small, export));
            }
            export[at] = was;
        }
    }

    [Fact]
    public async Task Random_damage_to_a_bigger_one_is_found_and_harms_nothing()
    {
        var sound = await Log.ExportAsync();
        for (var round = 0; round < 300; round++)
        {
            var export = (byte[])sound.Clone();
            for (var n = RandomNumberGenerator.GetInt32(4); n >= 0; n--)
                export[RandomNumberGenerator.GetInt32(export.Length)] ^= (byte)(1 << RandomNumberGenerator.GetInt32(8));
            if (!export.AsSpan().SequenceEqual(sound))
                Assert.NotEqual(ExportVerdict.Valid, await VerdictAsync(Log, export));
        }
    }

    [Fact]
    public async Task Lines_taken_out_put_in_and_shuffled_are_found_and_harm_nothing()
    {
        for (var round = 0; round < 200; round++)
        {
            var text = await Log.ExportTextAsync();
            var before = string.Join('\n', text.Lines);
            for (var n = RandomNumberGenerator.GetInt32(6); n >= 0; n--)
            {
                var (from, count) = (Forgeries.Any(text.Lines.Count), 1 + Forgeries.Any(300));
                var lines = text.Lines.Skip(from).Take(count).ToList();
                if (n % 3 != 0)
                    text.Lines.RemoveRange(from, lines.Count);
                if (n % 3 != 1)
                    text.Lines.InsertRange(Forgeries.Any(text.Lines.Count + 1), lines);
            }
            if (string.Join('\n', text.Lines) != before)
                Assert.NotEqual(ExportVerdict.Valid, await VerdictAsync(Log, text.ToBytes()));
        }
    }

    [Fact]
    public async Task Hashes_that_are_altered_are_told_from_entries_that_are()
    {
        var text = await Log.ExportTextAsync();
        var at = text.TileAt(256);
        text.Lines[at] = Turn(text.Lines[at], 4000);
        var finding = Assert.Single((await Forgeries.VerifyAsync(Log, text.ToBytes())).Findings);
        Assert.Equal((FindingKind.HashesAltered, 256, 511), (finding.Kind, finding.Index, finding.Last));
        Assert.Contains("as recorded", finding.Message, StringComparison.Ordinal);

        text = await Log.ExportTextAsync();
        text.Lines.RemoveAt(text.TileAt(256));
        finding = Assert.Single((await Forgeries.VerifyAsync(Log, text.ToBytes())).Findings);
        Assert.Equal((FindingKind.HashesAltered, 256, 511), (finding.Kind, finding.Index, finding.Last));
    }

    [Fact]
    public async Task A_tile_s_entries_that_are_removed_are_named()
    {
        var text = await Log.ExportTextAsync();
        text.Lines.RemoveRange(text.TileAt(256), 257);
        var finding = Assert.Single((await Forgeries.VerifyAsync(Log, text.ToBytes())).Findings);
        Assert.Equal((FindingKind.Removed, 256, 511), (finding.Kind, finding.Index, finding.Last));
    }

    [Fact]
    public async Task A_line_without_end_is_refused_before_it_takes_memory()
    {
        var export = await Small.ExportAsync();
        var endless = export.AsSpan(0, export.Length - 4).ToArray().Concat(Enumerable.Repeat((byte)'x', 4 << 20)).ToArray();
        var refused = await Assert.ThrowsAsync<ExportException>(() => Forgeries.VerifyAsync(Small, endless));
        Assert.Contains("longer than", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task However_it_trickles_in_it_is_the_same()
    {
        var report = await ExportVerifier.VerifyAsync(new Trickle(await Log.ExportAsync()), new ExportTrust { Key = Log.Key }, Cancellation);
        Assert.Equal((ExportVerdict.Valid, 600), (report.Verdict, report.Entries));
    }

    [Fact]
    public async Task What_is_no_export_is_told_so()
    {
        foreach (var text in new[] { "", "\n", "{}\n", "[]", "null", "{\"format\":\"vouchsafe.audit-export/2\",\n", new string('{', 100_000) + "\n", new string('\n', 1 << 20) })
            await Assert.ThrowsAsync<ExportException>(() => Forgeries.VerifyAsync(Small, Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public async Task Nothing_but_line_ends_among_the_entries_is_counted_and_not_kept()
    {
        var export = Encoding.UTF8.GetString(await Small.ExportAsync());
        var report = await Forgeries.VerifyAsync(Small, Encoding.UTF8.GetBytes(export.Replace("\n]}\n", ",\n" + new string('\n', 3 << 20) + "]}\n", StringComparison.Ordinal)));
        Assert.Equal((ExportVerdict.Tampered, 100), (report.Verdict, report.Findings.Count));
    }

    /// <summary>Gives a few bytes at a time.</summary>
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, RandomNumberGenerator.GetInt32(1, 999))], cancellationToken);
    }

    private static string Turn(string line, int at) => line[..at] + (line[at] == 'A' ? 'B' : 'A') + line[(at + 1)..];

    /// <summary>Null where nothing can be said.</summary>
    private static async Task<ExportVerdict?> VerdictAsync(SampleLog log, byte[] export)
    {
        try
        {
            return (await ExportVerifier.VerifyAsync(new MemoryStream(export), new ExportTrust { Key = log.Key, Threads = 1 }, Cancellation)).Verdict;
        }
        catch (ExportException)
        {
            return null;
        }
    }
}
