using System.Security.Cryptography;
using Vouchsafe.Testing.Exports;
using Vouchsafe.Transparency.Exports;
using Xunit;

namespace Vouchsafe.Transparency.Tests.Exports;

/// <summary>Random logs, random places, and what somebody does there with a text editor: the finding names the entry.</summary>
public sealed class Forgeries
{
    private static readonly Lazy<Task<SampleLog[]>> Logs = new(() => Task.FromResult(new[] { 1, 2, 255, 256, 257, 511, 700, 66_000 }.Select(size => new SampleLog(size, (log, n) => SampleEntry.Event(log, n, (int)(n % 7)))).ToArray()));

    public static TheoryData<int> Rounds => [.. Enumerable.Range(0, 24)];

    [Theory, MemberData(nameof(Rounds))]
    public async Task Untouched_is_valid(int round)
    {
        var log = await PickAsync(round);
        var report = await VerifyAsync(log, await log.ExportAsync());
        Assert.Equal((ExportVerdict.Valid, log.Head.Size, log.Head), (report.Verdict, report.Entries, report.Head));
    }

    [Theory, MemberData(nameof(Rounds))]
    public async Task An_edited_entry_is_named(int round)
    {
        var log = await PickAsync(round);
        var text = await log.ExportTextAsync();
        var index = Any(log.Head.Size);
        var at = text.At(index);
        text.Lines[at] = (round % 6) switch
        {
            0 => text.Lines[at].Replace("\"A-", "\"B-", StringComparison.Ordinal),
            1 => text.Lines[at].Replace("203.0.113.7", "203.0.113.8", StringComparison.Ordinal),
            2 => text.Lines[at].Replace("order.created", "order.deleted", StringComparison.Ordinal),
            3 => text.Lines[at].Replace("\"leaf\":\"AQ", "\"leaf\":\"Ag", StringComparison.Ordinal),
            4 => text.Lines[at].Replace($"\"index\":{index},", $"\"index\":{index + 3},", StringComparison.Ordinal),
            _ => text.Lines[at].Replace("\"actor\":", "\"actOr\":", StringComparison.Ordinal),
        };
        await NamesAsync(log, text, FindingKind.Edited, index);
    }

    [Theory, MemberData(nameof(Rounds))]
    public async Task Another_entry_in_its_place_is_named(int round)
    {
        var log = await PickAsync(round);
        var text = await log.ExportTextAsync();
        var index = Any(log.Head.Size);
        text.Lines[text.At(index)] = await ForeignLineAsync(index);
        await NamesAsync(log, text, FindingKind.Edited, index);
    }

    [Theory, MemberData(nameof(Rounds))]
    public async Task A_removed_entry_is_named(int round)
    {
        var log = await PickAsync(round);
        var text = await log.ExportTextAsync();
        var index = Any(log.Head.Size);
        text.Lines.RemoveAt(text.At(index));
        if (round % 2 == 0)
            text.Renumber();
        await NamesAsync(log, text, FindingKind.Removed, index);
    }

    [Theory, MemberData(nameof(Rounds))]
    public async Task An_inserted_entry_is_named(int round)
    {
        var log = await PickAsync(round);
        var text = await log.ExportTextAsync();
        var index = Any(log.Head.Size);
        // A new one, or a copy of one that stands elsewhere.
        var copied = Any(log.Head.Size);
        text.Lines.Insert(text.At(index), round % 3 == 0 && Math.Abs(copied - index) > 1 ? text.Lines[text.At(copied)] : await ForeignLineAsync(index));
        if (round % 2 == 0)
            text.Renumber();
        await NamesAsync(log, text, FindingKind.Inserted, index);
    }

    [Theory, MemberData(nameof(Rounds))]
    public async Task A_moved_entry_is_named(int round)
    {
        var log = await PickAsync(round, least: 255);
        var text = await log.ExportTextAsync();
        var index = Any(log.Head.Size);
        var (from, to) = (text.At(index), text.At(Any(log.Head.Size)));
        // Neighbours that change places are the same as one of them moved, either one.
        if (Math.Abs(from - to) < 3)
            to = from > 10 ? from - 5 : from + 5;
        var line = text.Lines[from];
        text.Lines.RemoveAt(from);
        text.Lines.Insert(to, line);
        if (round % 2 == 0)
            text.Renumber();
        await NamesAsync(log, text, FindingKind.Reordered, index);
    }

    [Theory, MemberData(nameof(Rounds))]
    public async Task Two_that_changed_places_are_named(int round)
    {
        var log = await PickAsync(round, least: 255);
        var text = await log.ExportTextAsync();
        var (one, two) = (Any(log.Head.Size / 2), (log.Head.Size / 2) + Any(log.Head.Size / 2));
        if (two - one < 3)
            two = one + 3;
        var (from, to) = (text.At(one), text.At(two));
        (text.Lines[from], text.Lines[to]) = (text.Lines[to], text.Lines[from]);
        var report = await VerifyAsync(log, text.ToBytes());
        Assert.Equal(ExportVerdict.Tampered, report.Verdict);
        Assert.Equal([(FindingKind.Reordered, one), (FindingKind.Reordered, two)], report.Findings.Select(finding => (finding.Kind, finding.Index ?? -1)));
    }

    [Theory, MemberData(nameof(Rounds))]
    public async Task Rewritten_and_signed_with_another_key_is_named_between_the_checkpoints_that_somebody_kept(int round)
    {
        var log = await PickAsync(round);
        var index = Any(log.Head.Size);
        var forged = new SampleLog(log.Head.Size, (id, n) => SampleEntry.Event(id, n, (int)(n % 7), (byte)(n == index ? 1 : 0)), seed: 8);
        var export = await forged.ExportAsync();
        var trust = new ExportTrust { Key = log.Key, Previous = [await log.CheckpointAsync(index), await log.CheckpointAsync(index + 1)] };
        var report = await ExportVerifier.VerifyAsync(new MemoryStream(export), trust, TestContext.Current.CancellationToken);
        Assert.Equal((ExportVerdict.Tampered, Continuity.Differs), (report.Verdict, report.Previous));
        Assert.Equal([(FindingKind.Resigned, (long?)null), (FindingKind.Resigned, index)], report.Findings.Select(finding => (finding.Kind, finding.Index)));
        // The key alone shows that, too; and nothing shows it to whoever believes the file.
        Assert.Equal(FindingKind.Resigned, Assert.Single((await VerifyAsync(log, export)).Findings).Kind);
        var believed = await ExportVerifier.VerifyAsync(new MemoryStream(export), new ExportTrust(), TestContext.Current.CancellationToken);
        Assert.Equal((ExportVerdict.Valid, false), (believed.Verdict, believed.KeyTrusted));
    }

    internal static Task<ExportReport> VerifyAsync(SampleLog log, byte[] export) =>
        ExportVerifier.VerifyAsync(new MemoryStream(export), new ExportTrust { Key = log.Key }, TestContext.Current.CancellationToken);

    internal static int Any(long below) => RandomNumberGenerator.GetInt32((int)below);

    private static async Task<SampleLog> PickAsync(int round, int least = 0)
    {
        var logs = (await Logs.Value).Where(log => log.Head.Size >= least).ToList();
        return logs[round % logs.Count];
    }

    private static async Task<string> ForeignLineAsync(long index)
    {
        var other = await new SampleLog(1, (id, _) => SampleEntry.Event(id, index, 3, seed: 9)).ExportTextAsync();
        return other.Lines[1].Replace("\"index\":0,", $"\"index\":{index},", StringComparison.Ordinal);
    }

    private static async Task NamesAsync(SampleLog log, ExportText text, FindingKind kind, long index)
    {
        var report = await VerifyAsync(log, text.ToBytes());
        Assert.Equal(ExportVerdict.Tampered, report.Verdict);
        var finding = Assert.Single(report.Findings);
        Assert.Equal((kind, index), (finding.Kind, finding.Index));
        Assert.Contains(index.ToString(System.Globalization.CultureInfo.InvariantCulture), finding.Message, StringComparison.Ordinal);
    }
}
