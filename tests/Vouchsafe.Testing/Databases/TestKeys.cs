using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Vouchsafe.Postgres.Sealing;

namespace Vouchsafe.Testing.Databases;

/// <summary>Context keys from a root that lives as long as the test process.</summary>
public sealed class TestKeys : IContextKeys
{
    private readonly byte[] _root = RandomNumberGenerator.GetBytes(32);

    /// <summary>Those of every database that <see cref="TestDatabase"/> makes in this process.</summary>
    public static TestKeys Shared { get; } = new();

    public byte[] Derive(short id) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _root, 32, info: Encoding.UTF8.GetBytes("tenant-context/" + id.ToString(CultureInfo.InvariantCulture)));
}
