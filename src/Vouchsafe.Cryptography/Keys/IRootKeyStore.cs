namespace Vouchsafe.Cryptography.Keys;

/// <summary>A key store that knows whether it is new, and to which database its keys belong: so that no root key is ever made beside data that lies under
/// another one.</summary>
public interface IRootKeyStore : IKeyStore
{
    bool HasRoot { get; }

    /// <summary>The database whose data lies under these keys; null where that was never said.</summary>
    Guid? Database { get; }

    /// <summary>Sees that nobody but the owner can enter the store or read the root key. Opens nothing and makes nothing.</summary>
    /// <exception cref="KeyStoreException">Somebody else can, or the store is somebody else's; the message says what to do.</exception>
    void Inspect();

    /// <summary>Makes the root key where there is none; of nodes that race, all have the one that came first. Only for a database without data.</summary>
    void CreateRoot();

    /// <summary>Remembers the database, once and for good.</summary>
    /// <exception cref="KeyStoreException">It remembers another one.</exception>
    void Remember(Guid database);
}
