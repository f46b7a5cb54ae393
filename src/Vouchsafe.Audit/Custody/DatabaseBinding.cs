using Vouchsafe.Cryptography.Keys;

namespace Vouchsafe.Audit.Custody;

/// <summary>The commitment to a cell's root key that its database keeps (<c>audit.cell</c>, decision 0014).</summary>
public static class DatabaseBinding
{
    private const string Purpose = "database-check";

    /// <summary>HMAC-SHA256 of the database's id under a key derived for this: it tells nothing about the root key.</summary>
    public static byte[] Commit(KeyRing keys, Guid database) => Commit(keys.Derive(Purpose), database);

    /// <summary>As the ring would, by a root key that was read from the store just now.</summary>
    internal static byte[] Commit(ReadOnlySpan<byte> root, Guid database) => Commit(new SecretKey(root).Derive(Purpose), database);

    private static byte[] Commit(SecretKey key, Guid database) => key.Authenticate(database.ToByteArray(bigEndian: true)).ToArray();
}
