using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Exports.Reading;

namespace Vouchsafe.Transparency.Exports.Verifying;

/// <summary>
/// Whose values are missing, and whose erasure the log records. The record comes after what it erased, so both are kept to the end:
/// the one part of the verification whose memory grows, with the number of erased people.
/// </summary>
internal sealed class Erasures
{
    private const int MostPeople = 1 << 20;

    private readonly Dictionary<Tag, (long First, long Time)> missing = [];
    private readonly HashSet<Tag> recorded = [];

    /// <summary>People whose erasure is recorded.</summary>
    public IReadOnlySet<Tag> Recorded => recorded;

    /// <summary>People whose values are missing, each with the first entry that misses them.</summary>
    public IReadOnlyDictionary<Tag, long> Missing => missing.ToDictionary(one => one.Key, one => one.Value.First);

    /// <summary>In how many entries values are erased.</summary>
    public long Entries { get; private set; }

    /// <param name="reading">A line that holds what the log holds.</param>
    /// <exception cref="ExportException">More people are erased than can be kept in mind.</exception>
    public void Note(in LineReading reading, long index)
    {
        if (reading.Leaf == LeafKind.Erasure)
            recorded.Add(reading.Subject);
        if (!reading.Has(EntryMarks.ActorErased | EntryMarks.FieldsErased))
            return;
        Entries++;
        if (reading.Has(EntryMarks.ActorErased))
            missing.TryAdd(reading.Actor, (index, reading.Time));
        if (reading.Has(EntryMarks.FieldsErased))
            missing.TryAdd(reading.FieldOwner, (index, reading.Time));
        if (missing.Count > MostPeople || recorded.Count > MostPeople)
            throw new ExportException($"Values of more than {MostPeople} people are erased; no more can be told apart.");
    }

    /// <summary>For each person whose values are missing without a recorded erasure, the first entry that misses them.</summary>
    public void Settle(FindingList findings)
    {
        foreach (var (_, (index, time)) in missing.Where(one => !recorded.Contains(one.Key)))
            findings.Add(FindingKind.Withheld, index, $"Values of entry {index} are missing, and the log records no erasure of the person.", microseconds: time);
    }
}
