using System.Collections.Concurrent;
using System.Security.Cryptography;
using Vouchsafe.Cryptography.Sealing;

namespace Vouchsafe.Cryptography.Keys;

/// <summary>
/// The keys of a cell: root → purposes by derivation; root → tenant → subject by wrapping, so that each can be destroyed.
/// Subject keys are wrapped under their tenant's key: destroying a tenant's destroys all of its people's.
/// Safe for use by many threads; one to an application.
/// </summary>
public sealed class KeyRing
{
    private readonly IKeyStore store;
    private readonly TimeProvider time;
    private readonly KeyRingOptions options;
    private readonly SecretKey root;
    private readonly ConcurrentDictionary<KeyName, Cached> cache = new();

    public KeyRing(IKeyStore store, TimeProvider time, KeyRingOptions? options = null)
    {
        this.store = store;
        this.time = time;
        this.options = options ?? new KeyRingOptions();
        var secret = store.ReadRoot();
        root = new SecretKey(secret);
        CryptographicOperations.ZeroMemory(secret);
    }

    /// <summary>The cell's key for one purpose: <c>jwt</c>, <c>tenant-context/1</c>, <c>checkpoint/…</c>. The same on every node, and after each restart.</summary>
    public SecretKey Derive(string purpose) => root.Derive(purpose);

    /// <summary>The tenant's key; created where there is none yet.</summary>
    public KeyLookup TenantKey(Guid tenant) => Find(KeyName.OfTenant(tenant), create: true);

    /// <summary>The key of a person within a tenant; created where there is none yet.</summary>
    public KeyLookup SubjectKey(Guid tenant, Guid subject) => Find(KeyName.OfSubject(tenant, subject), create: true);

    /// <summary>As <see cref="TenantKey"/> and <see cref="SubjectKey"/>, for reading: creates nothing.</summary>
    public KeyLookup Existing(KeyName name) => Find(name, create: false);

    /// <summary>Destroys the key for good. Other nodes may still hold it for <see cref="KeyRingOptions.CacheFor"/>.</summary>
    public void Destroy(KeyName name)
    {
        store.Destroy(name);
        if (name.Subject is null)
            cache.Clear();
        else
            cache.TryRemove(name, out _);
    }

    private KeyLookup Find(KeyName name, bool create)
    {
        var now = time.GetTimestamp();
        if (cache.TryGetValue(name, out var cached) && time.GetElapsedTime(cached.At, now) < options.CacheFor)
            return new KeyLookup(name, KeyState.Present, cached.Key);
        var found = Read(name, create);
        if (found.State == KeyState.Present)
        {
            if (cache.Count >= options.CacheEntries)
                cache.Clear();
            cache[name] = new Cached(found.Required, now);
        }
        return found;
    }

    private KeyLookup Read(KeyName name, bool create)
    {
        var stored = store.Find(name);
        if (stored.State == KeyState.Destroyed || (stored.State == KeyState.Absent && !create))
            return new KeyLookup(name, stored.State, null);
        SecretKey wrapping;
        if (name.Subject is null)
            wrapping = root.Derive("wrap-tenant-keys");
        else
        {
            var tenant = Find(KeyName.OfTenant(name.Tenant), create);
            if (tenant.State != KeyState.Present)
                return new KeyLookup(name, tenant.State, null);
            wrapping = tenant.Required.Derive("wrap-subject-keys");
        }
        if (stored.State == KeyState.Absent)
        {
            var made = SecretKey.Generate();
            stored = store.Add(name, Seal.Protect(wrapping, made.Bytes, Binding(name)));
            if (stored.State == KeyState.Destroyed)
                return new KeyLookup(name, KeyState.Destroyed, null);
        }
        // Unwrapped even when it was made here: of nodes that race, one file stands, and it may be the other's.
        return new KeyLookup(name, KeyState.Present, Unwrap(name, wrapping, stored.Wrapped.Span));
    }

    private static SecretKey Unwrap(KeyName name, SecretKey wrapping, ReadOnlySpan<byte> wrapped)
    {
        try
        {
            var bytes = Seal.Open(wrapping, wrapped, Binding(name));
            var key = new SecretKey(bytes);
            CryptographicOperations.ZeroMemory(bytes);
            return key;
        }
        catch (Exception problem) when (problem is SealException or ArgumentException)
        {
            throw new KeyStoreException($"The stored key of {name} can't be unwrapped: it was altered, or wrapped under another root.", problem);
        }
    }

    private static AssociatedData Binding(KeyName name) =>
        new AssociatedData("vouchsafe/wrapped-key/v1").Add(name.Tenant).Add(name.Subject ?? Guid.Empty);

    private readonly record struct Cached(SecretKey Key, long At);
}
