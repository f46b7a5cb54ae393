using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Exports.Reading;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Exports.Verifying;

/// <summary>Takes a line whose leaf is what the log holds at the index.</summary>
internal delegate void AcceptEntry(in LineReading line, long index);

/// <summary>
/// Holds the lines that follow a tile of leaf hashes to those hashes. As long as they agree nothing is kept; at the first that does
/// not, the rest of the tile's lines is, and what happened to them is told when the next tile begins.
/// </summary>
internal sealed class EntryWindow(FindingList findings, Unsettled unsettled, Numbering numbering, AcceptEntry accept)
{
    private const int MostLines = 4 * Tile.FullWidth;

    private readonly List<LineReading> rest = [];
    private Digest[] expected = [];
    private long first;
    private int matched;
    private long lastTime;

    /// <summary>The index of the first entry that did not come yet.</summary>
    public long Next => first + matched;

    /// <param name="start">The index of the first of them.</param>
    /// <param name="hashes">The leaf hashes as the log holds them.</param>
    public void Open(long start, Digest[] hashes) => (first, expected, matched) = (start, hashes, 0);

    public void Take(in LineReading line)
    {
        if (rest.Count == 0 && matched < expected.Length && line.Kind == LineKind.Entry && line.Hash == expected[matched] && !line.Has(EntryMarks.Gone))
        {
            Accept(line, first + matched);
            matched++;
        }
        else if (line.Kind == LineKind.Malformed)
            // They were counted together; each may stand in an entry's place.
            rest.AddRange(Enumerable.Repeat(line, (int)Math.Min(line.Index, MostLines - rest.Count)));
        else if (rest.Count < MostLines)
            rest.Add(line);
        else
            findings.Add(FindingKind.Inserted, Next, $"More lines than entries stand behind entry {first} (line {line.Line}).");
    }

    /// <summary>The hashes that the window was opened with, or the lines' own where they are believed.</summary>
    public ReadOnlySpan<Digest> Expected => expected;

    /// <summary>Takes away the lines behind a tile's last entry, where all of the tile's came: they belong to a tile whose own line is missing or doesn't read.</summary>
    public List<LineReading> TakeOrphans()
    {
        if (matched < expected.Length)
            return [];
        var orphans = rest.SkipWhile(line => line.Kind == LineKind.Malformed).ToList();
        rest.RemoveRange(rest.Count - orphans.Count, orphans.Count);
        return orphans;
    }

    /// <summary>What the lines' own leaves hash to, where there are as many of them as hashes; else null.</summary>
    public Digest? RootOfLines()
    {
        if (matched + rest.Count != expected.Length || rest.Exists(line => line.Kind != LineKind.Entry))
            return null;
        return LineReader.RootOf([.. expected[..matched], .. rest.Select(line => line.Hash)]);
    }

    /// <summary>Takes the lines' own hashes for the log's, because they lead to what is signed and the tile's don't.</summary>
    public void Believe()
    {
        for (var i = 0; i < rest.Count; i++)
            expected[matched + i] = rest[i].Hash;
    }

    /// <summary>Tells what happened to the lines.</summary>
    /// <param name="cutOff">Whether the export ends here: what comes behind the last line is then not missing one by one.</param>
    public void Close(bool cutOff)
    {
        if (matched < expected.Length || rest.Count > 0)
            Align(cutOff);
        rest.Clear();
        (first, matched, expected) = (first + expected.Length, 0, []);
    }

    private void Align(bool cutOff)
    {
        var places = new Dictionary<Digest, int>();
        for (var i = matched; i < expected.Length; i++)
            places.TryAdd(expected[i], i);
        var found = new int[rest.Count];
        for (var i = 0; i < found.Length; i++)
            found[i] = rest[i].Kind == LineKind.Entry && !rest[i].Has(EntryMarks.Gone) && places.TryGetValue(rest[i].Hash, out var place) ? place : -1;
        // Of copies the one that keeps the order is the entry; where none does, the first is.
        var inOrder = Sequence.InOrder(found);
        var seen = new HashSet<int>(found.Where((_, i) => inOrder[i]));
        for (var i = 0; i < found.Length; i++)
            if (!inOrder[i] && found[i] >= 0 && !seen.Add(found[i]))
                found[i] = -1;
        var next = matched;
        var strange = new List<LineReading>();
        for (var i = 0; i < found.Length; i++)
        {
            if (found[i] < 0)
                strange.Add(rest[i]);
            else if (!inOrder[i])
            {
                findings.Add(FindingKind.Reordered, first + found[i], $"Entry {first + found[i]} was moved: it stands before entry {first + next} (line {rest[i].Line}).", microseconds: rest[i].Time);
                numbering.Disturb();
                Accept(rest[i], first + found[i], numbered: false);
            }
            else
            {
                Gap(next, found[i], strange, seen);
                Accept(rest[i], first + found[i]);
                next = found[i] + 1;
            }
        }
        Gap(next, cutOff && strange.Count == 0 ? next : expected.Length, strange, seen);
    }

    /// <summary>Between two entries that are in their places: entries that are missing, lines that are strange.</summary>
    private void Gap(int from, int to, List<LineReading> strange, HashSet<int> seen)
    {
        var missing = new List<MissingEntry>();
        for (var i = from; i < to; i++)
            if (!seen.Contains(i))
                missing.Add(new MissingEntry(first + i, expected[i], lastTime));
        if (to > from || strange.Count > 0)
            numbering.Disturb();
        missing.ForEach(unsettled.Add);
        var free = missing.ToList();
        // Whoever edits an entry mostly leaves its number: that first. What is left stands in place of what is left, in order.
        var claims = strange.ConvertAll(line => line.Kind == LineKind.Entry ? free.Find(entry => entry.Index == numbering.Actual(line.Index)) : null);
        claims.ForEach(claim => free.Remove(claim!));
        for (var i = 0; i < strange.Count; i++)
        {
            var (line, claim) = (strange[i], claims[i]);
            if (claim is not null && claims.IndexOf(claim) < i)
                claim = null;
            if (claim is null && free.Count > 0)
            {
                claim = free[0];
                free.RemoveAt(0);
            }
            var gone = line.Has(EntryMarks.Gone);
            unsettled.Add(new StrangeLine(line.Line, line.Kind == LineKind.Entry && !gone ? line.Hash : null, first + to, claim, gone, line.Kind != LineKind.Entry));
        }
        strange.Clear();
    }

    private void Accept(in LineReading line, long index, bool numbered = true)
    {
        if (numbered && !numbering.Accept(line.Index, index))
            findings.Add(FindingKind.Edited, index, $"Entry {index} was edited: it is numbered {line.Index}.", microseconds: line.Time);
        lastTime = line.Time;
        accept(line, index);
    }
}
