using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Testing.Vectors;
using Xunit;

namespace Vouchsafe.Cryptography.Tests.Signatures;

public sealed class Ed25519Tests
{
    // RFC 8032 §7.1, tests 1, 2, 3 and SHA(abc).
    [Theory]
    [InlineData(
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData(
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [InlineData(
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    [InlineData(
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704")]
    public void Signs_and_verifies_as_RFC_8032(string seed, string publicKey, string message, string signature)
    {
        var key = new Ed25519SigningKey(Convert.FromHexString(seed));
        Assert.Equal(publicKey, Convert.ToHexStringLower(key.PublicKey.Span));
        Assert.Equal(signature, Convert.ToHexStringLower(key.Sign(Convert.FromHexString(message))));
        Assert.True(Ed25519.Verify(key.PublicKey.Span, Convert.FromHexString(message), Convert.FromHexString(signature)));
    }

    [Fact]
    public void Decides_each_CCTV_case_as_the_docstring_says()
    {
        var path = TestVectors.PathOf("cctv/ed25519vectors.json");
        // Refused: a signature that holds only with the cofactor, an encoding that is not canonical, a point of small order.
        string[] refused = ["low_order_residue", "non_canonical_A", "non_canonical_R", "low_order_A", "low_order_R"];
        var (accepted, all) = (0, 0);
        foreach (var vector in JsonDocument.Parse(File.ReadAllBytes(path)).RootElement.EnumerateArray())
        {
            all++;
            var flags = vector.GetProperty("flags") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(flag => flag.GetString()!).ToArray() : [];
            var verdict = Ed25519.Verify(vector.Hex("key"), Encoding.UTF8.GetBytes(vector.GetProperty("msg").GetString()!), vector.Hex("sig"));
            Assert.True(verdict == !flags.Intersect(refused).Any(), $"number {vector.GetProperty("number")}: {string.Join(", ", flags)}");
            accepted += verdict ? 1 : 0;
        }
        Assert.Equal(914, all);
        Assert.InRange(accepted, 1, all - 1);
    }

    [Fact]
    public void Passes_wycheproof()
    {
        foreach (var (group, test) in Wycheproof.Read("ed25519_test.json"))
            Assert.True(Ed25519.Verify(group.GetProperty("publicKey").Hex("pk"), test.Hex("msg"), test.Hex("sig")) == test.IsValid(), $"tcId {test.Id()}");
    }

    [Fact]
    public void Agrees_with_libcrypto_on_honest_and_on_damaged_signatures()
    {
        for (var round = 0; round < 60; round++)
        {
            var key = new Ed25519SigningKey(RandomNumberGenerator.GetBytes(32));
            var message = RandomNumberGenerator.GetBytes(round * 3);
            var signature = key.Sign(message);
            Assert.True(LibCryptoVerify.Verify(key.PublicKey.Span, message, signature));
            Assert.True(Ed25519.Verify(key.PublicKey.Span, message, signature));
            var publicKey = key.PublicKey.ToArray();
            var damaged = (round % 3) switch { 0 => signature, 1 => publicKey, _ => message };
            if (damaged.Length == 0)
                continue;
            damaged[RandomNumberGenerator.GetInt32(damaged.Length)] ^= (byte)(1 << RandomNumberGenerator.GetInt32(8));
            var verdict = Ed25519.Verify(publicKey, message, signature);
            Assert.Equal(LibCryptoVerify.Verify(publicKey, message, signature), verdict);
            Assert.False(verdict);
        }
    }

    [Fact]
    public void Whatever_is_no_signature_is_refused_without_an_exception()
    {
        for (var round = 0; round < 500; round++)
        {
            var key = RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(2) == 0 ? 32 : RandomNumberGenerator.GetInt32(70));
            var signature = RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(2) == 0 ? 64 : RandomNumberGenerator.GetInt32(70));
            Assert.False(Ed25519.Verify(key, [1, 2, 3], signature));
        }
    }

    [Fact]
    public void A_seed_of_another_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => new Ed25519SigningKey(new byte[31]));
}
