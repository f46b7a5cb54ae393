using System.Collections.Concurrent;
using Vouchsafe.Cryptography.Keys;

namespace Vouchsafe.Transparency.Tests.Entries;

internal sealed class MemoryKeyStore : IKeyStore
{
    private readonly ConcurrentDictionary<KeyName, StoredKey> keys = new();

    public byte[] ReadRoot() => Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();

    public StoredKey Find(KeyName name) => keys.GetValueOrDefault(name, StoredKey.Absent);

    public StoredKey Add(KeyName name, ReadOnlySpan<byte> wrapped) => keys.GetOrAdd(name, StoredKey.Present(wrapped.ToArray()));

    public void Destroy(KeyName name) => keys[name] = StoredKey.Destroyed;
}
