using System.Security.Cryptography;
using Vouchsafe.Cryptography.Hashing;
using Xunit;

namespace Vouchsafe.Cryptography.Tests.Hashing;

public sealed class Sha256Tests
{
    [Fact]
    public void Agrees_with_the_framework_at_every_length_around_the_blocks()
    {
        var message = RandomNumberGenerator.GetBytes(5000);
        foreach (var length in Enumerable.Range(0, 400).Concat(Enumerable.Range(4090, 20)).Append(5000))
            Assert.Equal(SHA256.HashData(message.AsSpan(0, length)), Sha256.Hash(message.AsSpan(0, length)).ToArray());
    }

    [Fact]
    public void Hmac_agrees_with_the_framework_for_short_and_long_keys_and_messages()
    {
        var bytes = RandomNumberGenerator.GetBytes(1000);
        foreach (var key in new[] { 0, 1, 16, 32, 63, 64, 65, 200 })
            foreach (var length in Enumerable.Range(0, 140).Concat(Enumerable.Range(505, 15)).Append(1000))
                Assert.Equal(
                    HMACSHA256.HashData(bytes.AsSpan(0, key), bytes.AsSpan(0, length)),
                    HmacSha256.Hash(bytes.AsSpan(0, key), bytes.AsSpan(0, length)).ToArray());
    }

    [Fact]
    public void Hmac_passes_wycheproof()
    {
        foreach (var (group, test) in Wycheproof.Read("hmac_sha256_test.json"))
        {
            var computed = HmacSha256.Hash(test.Hex("key"), test.Hex("msg")).ToArray().AsSpan(0, group.GetProperty("tagSize").GetInt32() / 8);
            Assert.True(computed.SequenceEqual(test.Hex("tag")) == test.IsValid(), $"tcId {test.Id()}");
        }
    }

    [Fact]
    public void A_digest_is_read_written_and_compared_by_value()
    {
        var bytes = RandomNumberGenerator.GetBytes(64);
        var digest = Digest.From(bytes.AsSpan(0, 32));
        Assert.Equal(bytes[..32], digest.ToArray());
        Assert.Equal(digest, Digest.Cast(bytes)[0]);
        Assert.NotEqual(digest, Digest.Cast(bytes)[1]);
        Assert.Throws<ArgumentException>(() => Digest.From(bytes.AsSpan(0, 31)));
        Assert.Throws<ArgumentException>(() => { _ = Digest.Cast(bytes.AsSpan(0, 63)); });
    }
}
