namespace Vouchsafe.Transparency.Exports.Verifying;

/// <summary>The fewest moves that explain an order.</summary>
internal static class Sequence
{
    /// <summary>A longest increasing subsequence of the non-negative values, each different: which of them keep their order.</summary>
    public static bool[] InOrder(ReadOnlySpan<int> values)
    {
        var ends = new List<int>();
        var before = new int[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            before[i] = -1;
            if (values[i] < 0)
                continue;
            var (low, high) = (0, ends.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = values[ends[middle]] < values[i] ? (middle + 1, high) : (low, middle);
            }
            before[i] = low == 0 ? -1 : ends[low - 1];
            if (low == ends.Count)
                ends.Add(i);
            else
                ends[low] = i;
        }
        var kept = new bool[values.Length];
        for (var i = ends.Count == 0 ? -1 : ends[^1]; i >= 0; i = before[i])
            kept[i] = true;
        return kept;
    }
}
