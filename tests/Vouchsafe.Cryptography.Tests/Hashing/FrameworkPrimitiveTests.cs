using System.Security.Cryptography;
using Xunit;

namespace Vouchsafe.Cryptography.Tests.Hashing;

/// <summary>What the sealed value rests on, on the machine where it runs.</summary>
public sealed class FrameworkPrimitiveTests
{
    [Fact]
    public void Hkdf_passes_wycheproof()
    {
        foreach (var (_, test) in Wycheproof.Read("hkdf_sha256_test.json"))
        {
            var size = test.GetProperty("size").GetInt32();
            if (test.IsValid())
                Assert.Equal(test.Hex("okm"), HKDF.DeriveKey(HashAlgorithmName.SHA256, test.Hex("ikm"), size, test.Hex("salt"), test.Hex("info")));
            else
                Assert.ThrowsAny<ArgumentException>(() => HKDF.DeriveKey(HashAlgorithmName.SHA256, test.Hex("ikm"), size, test.Hex("salt"), test.Hex("info")));
        }
    }

    [Fact]
    public void Aes_gcm_passes_wycheproof_at_the_sizes_in_use()
    {
        var ran = 0;
        foreach (var (group, test) in Wycheproof.Read("aes_gcm_test.json"))
        {
            if (group.GetProperty("keySize").GetInt32() != 256 || group.GetProperty("ivSize").GetInt32() != 96)
                continue;
            ran++;
            using var cipher = new AesGcm(test.Hex("key"), 16);
            var content = new byte[test.Hex("ct").Length];
            void Open() => cipher.Decrypt(test.Hex("iv"), test.Hex("ct"), test.Hex("tag"), content, test.Hex("aad"));
            if (test.IsValid())
            {
                Open();
                Assert.Equal(test.Hex("msg"), content);
            }
            else
                Assert.ThrowsAny<CryptographicException>(Open);
        }
        Assert.InRange(ran, 50, int.MaxValue);
    }
}
