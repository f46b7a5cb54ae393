using System.Collections.Concurrent;

namespace Vouchsafe.Hosting.Requests;

/// <summary>
/// Remembers what the database said for so short a time that nobody minds: a hot caller costs one look-up a second and not
/// one a request, and what was revoked on one node is dead on the others within that time.
/// </summary>
/// <param name="forHowLong">How long an answer holds.</param>
public sealed class BriefMemory<TKey, TValue>(TimeProvider time, TimeSpan forHowLong)
    where TKey : notnull
{
    private const int MostEntries = 100_000;

    private readonly ConcurrentDictionary<TKey, (TValue Value, long At)> entries = new();

    public bool TryGet(TKey key, out TValue value)
    {
        if (entries.TryGetValue(key, out var entry) && time.GetElapsedTime(entry.At) < forHowLong)
        {
            value = entry.Value;
            return true;
        }
        value = default!;
        return false;
    }

    public void Set(TKey key, TValue value)
    {
        // Keys come from requests; whoever makes them up shall not fill the memory.
        if (entries.Count >= MostEntries) entries.Clear();
        entries[key] = (value, time.GetTimestamp());
    }

    public void Forget(TKey key) => entries.TryRemove(key, out _);

    public void Clear() => entries.Clear();
}
