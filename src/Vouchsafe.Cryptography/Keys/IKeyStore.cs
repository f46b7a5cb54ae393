namespace Vouchsafe.Cryptography.Keys;

/// <summary>
/// Where the root secret and the wrapped keys lie: outside the database and outside its backups, or destroying a key would
/// destroy nothing that a restore can't bring back. Safe for use by many threads and many nodes.
/// </summary>
/// <exception cref="KeyStoreException">The store can't be reached, or holds something it did not write. No key is handed out then.</exception>
public interface IKeyStore
{
    /// <summary>The 32 bytes of the cell's root secret, created at first use. The caller clears them after use.</summary>
    byte[] ReadRoot();

    StoredKey Find(KeyName name);

    /// <summary>Stores a wrapped key where there is none yet, and returns what the store holds afterwards: of nodes that race,
    /// all see the one that came first; a destroyed key stays destroyed.</summary>
    StoredKey Add(KeyName name, ReadOnlySpan<byte> wrapped);

    /// <summary>Erases the key for good and leaves a tombstone, whether or not there was a key. May be repeated.</summary>
    void Destroy(KeyName name);
}

/// <summary>What a store says of a key.</summary>
/// <param name="State">Whether it is there.</param>
/// <param name="Wrapped">The wrapped key where it is present; else empty.</param>
public readonly record struct StoredKey(KeyState State, ReadOnlyMemory<byte> Wrapped)
{
    public static StoredKey Absent => new(KeyState.Absent, default);

    public static StoredKey Destroyed => new(KeyState.Destroyed, default);

    public static StoredKey Present(byte[] wrapped) => new(KeyState.Present, wrapped);
}

public enum KeyState
{
    /// <summary>There never was such a key.</summary>
    Absent,
    Present,

    /// <summary>There was one, or its owner was erased before; there won't be one again.</summary>
    Destroyed,
}
