using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Vouchsafe.Postgres.Tenancy;

/// <summary>A cache in memory whose every key carries a tenant.</summary>
/// <param name="capacity">Entries at most; when it is full the oldest half goes.</param>
/// <param name="lifetime">How long an entry is given out.</param>
public sealed class TenantCache<TKey, TValue>(int capacity, TimeSpan lifetime, TimeProvider time)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<(TenantId Tenant, TKey Key), (TValue Value, long At)> _entries = new();

    /// <exception cref="ArgumentException">No tenant was named.</exception>
    public bool TryGet(TenantId tenant, TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_entries.TryGetValue((tenant.OrRefuse(), key), out var entry) && time.GetElapsedTime(entry.At) < lifetime)
        {
            value = entry.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <exception cref="ArgumentException">No tenant was named.</exception>
    public void Set(TenantId tenant, TKey key, TValue value)
    {
        if (_entries.Count >= capacity)
            foreach (var (old, _) in _entries.OrderBy(entry => entry.Value.At).Take(capacity / 2 + 1))
                _entries.TryRemove(old, out _);
        _entries[(tenant.OrRefuse(), key)] = (value, time.GetTimestamp());
    }

    /// <summary>Forgets all of a tenant: it was erased, or its rights changed.</summary>
    public void Forget(TenantId tenant)
    {
        foreach (var key in _entries.Keys.Where(key => key.Tenant == tenant.OrRefuse()))
            _entries.TryRemove(key, out _);
    }
}
