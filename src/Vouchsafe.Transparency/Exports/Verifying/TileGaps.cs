using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Exports.Verifying;

/// <summary>Whole tiles that did not come where they belong, and may yet come elsewhere.</summary>
internal sealed class TileGaps(FindingList findings)
{
    private const int Most = 1024;

    private readonly List<(long From, long To)> gaps = [];

    public void Add(long from, long to)
    {
        if (gaps.Count < Most)
            gaps.Add((from, to));
        else
            Report(from, to, long.MaxValue);
    }

    /// <summary>A tile that comes late; false where it is not one that is missing.</summary>
    public bool Fill(long tile)
    {
        var at = gaps.FindIndex(gap => gap.From <= tile && tile < gap.To);
        if (at < 0)
            return false;
        var (from, to) = gaps[at];
        gaps.RemoveAt(at);
        if (from < tile)
            Add(from, tile);
        if (tile + 1 < to)
            Add(tile + 1, to);
        return true;
    }

    public void Settle(long size) => gaps.ForEach(gap => Report(gap.From, gap.To, size));

    private void Report(long from, long to, long size)
    {
        var (first, last) = (from * Tile.FullWidth, Math.Min(to * Tile.FullWidth, size) - 1);
        findings.Add(FindingKind.Removed, first, $"Entries {first} to {last} were removed.", last);
    }
}
