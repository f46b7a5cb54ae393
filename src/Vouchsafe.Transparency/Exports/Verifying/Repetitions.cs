using System.Buffers.Binary;
using Vouchsafe.Cryptography.Hashing;

namespace Vouchsafe.Transparency.Exports.Verifying;

/// <summary>
/// Names entries that the log holds twice. Remembers the first half of the leaf hashes of the newest entries, between <paramref
/// name="held"/> and twice as many: 10 MB at most.
/// </summary>
/// <remarks>
/// A copy has the time of its original, which stands before it. So an entry that is dated after all that were let go has no copy among
/// them, and any other is counted as not compared.
/// </remarks>
internal sealed class Repetitions(FindingList findings, int held)
{
    /// <summary>From so many on room is made for all, once: growing step by step takes twice the memory for a while.</summary>
    private const int Small = 1 << 12;

    /// <summary>How many entries that couldn't be compared are kept for a second look.</summary>
    private const int MaxLate = 1 << 12;

    private (Dictionary<UInt128, long> Places, long Latest) newer = ([], -1);
    private (Dictionary<UInt128, long> Places, long Latest) older = ([], -1);
    private readonly Dictionary<UInt128, long> late = [];
    private long latestLetGo = -1;
    private (long Index, long CopyOf, long Count) run;

    /// <summary>The first of the entries that couldn't be compared: half a hash of each, and its place.</summary>
    public IReadOnlyDictionary<UInt128, long> Late => late;

    /// <summary>How many entries couldn't be compared with all that stand before them.</summary>
    public long Uncompared { get; private set; }

    /// <param name="index">The entry's place in the log.</param>
    /// <param name="leaf">Its leaf's hash.</param>
    /// <param name="time">Its leaf's time, in microseconds.</param>
    public void Note(long index, in Digest leaf, long time)
    {
        var hash = BinaryPrimitives.ReadUInt128BigEndian(leaf.Bytes);
        if (newer.Places.TryGetValue(hash, out var before) || older.Places.TryGetValue(hash, out before))
        {
            Tell(index, before);
            return;
        }

        if (time <= latestLetGo)
        {
            Uncompared++;
            if (late.Count < MaxLate)
                late.TryAdd(hash, index);
        }

        if (newer.Places.Count == held)
        {
            latestLetGo = Math.Max(latestLetGo, older.Latest);
            (older, newer) = (newer, (older.Places, -1));
            newer.Places.Clear();
        }

        if (newer.Places.Count == Small)
            newer.Places.EnsureCapacity(held);
        newer.Places.Add(hash, index);
        newer.Latest = Math.Max(newer.Latest, time);
    }

    /// <summary>Takes what was found at a second look at all that stands before <see cref="Late"/>.</summary>
    public void Settle(SecondLook look)
    {
        foreach (var (index, before) in look.Found)
            Tell(index, before);
        Uncompared -= late.Count;
    }

    /// <summary>There are no more.</summary>
    public void Settle()
    {
        var (index, before, last) = (run.Index, run.CopyOf, run.Count - 1);
        if (run.Count == 1)
            findings.Add(FindingKind.Repeated, index, $"Entry {index} is entry {before} once more.", copyOf: before);
        else if (run.Count > 1)
            findings.Add(
                FindingKind.Repeated, index, $"Entries {index} to {index + last} are entries {before} to {before + last} once more.", index + last, copyOf: before);
        run = default;
    }

    /// <summary>Entries that stand one behind the other in both places are one finding.</summary>
    private void Tell(long index, long before)
    {
        if (run.Count > 0 && index == run.Index + run.Count && before == run.CopyOf + run.Count)
        {
            run.Count++;
            return;
        }

        Settle();
        run = (index, before, 1);
    }
}
