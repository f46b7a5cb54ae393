using System.Security.Cryptography;
using Vouchsafe.Cryptography.Hashing;
using Xunit;

namespace Vouchsafe.Cryptography.Tests.Hashing;

public sealed class Sha256BatchTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(1000)]
    public void Every_length_has_the_framework_s_digest_whatever_stands_beside_it(int count)
    {
        var batch = new Sha256Batch();
        for (var round = 0; round < 3; round++)
        {
            var expected = new List<byte[]>();
            for (var n = 0; n < count; n++)
            {
                var (key, prefix, message) = (Random(n % 65), Random(n % 3), Random((n * 7) % 320));
                Assert.Equal(expected.Count, batch.Add(prefix, message));
                expected.Add(SHA256.HashData([.. prefix, .. message]));
                batch.AddHmac(key, message);
                expected.Add(HMACSHA256.HashData(key, message));
            }
            batch.Run();
            Assert.Equal(expected.Select(Convert.ToHexStringLower), batch.Digests.ToArray().Select(digest => digest.ToString()));
            batch.Clear();
        }
    }

    [Fact]
    public void What_was_run_stays_while_more_is_added()
    {
        var batch = new Sha256Batch();
        var first = batch.Add([], "abc"u8);
        batch.Run();
        var second = batch.Add(batch.Digests[first].Bytes, []);
        batch.Run();
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", batch.Digests[first].ToString());
        Assert.Equal(SHA256.HashData(SHA256.HashData("abc"u8)), batch.Digests[second].ToArray());
    }

    [Fact]
    public void Keys_and_messages_beyond_the_short_are_hashed_all_the_same()
    {
        var batch = new Sha256Batch();
        var (key, message) = (Random(100), Random(5000));
        batch.AddHmac(key, message);
        batch.Add(key, message);
        batch.Run();
        Assert.Equal(HMACSHA256.HashData(key, message), batch.Digests[0].ToArray());
        Assert.Equal(SHA256.HashData([.. key, .. message]), batch.Digests[1].ToArray());
    }

    private static byte[] Random(int size) => RandomNumberGenerator.GetBytes(size);
}
