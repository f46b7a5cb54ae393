using System.Security.Cryptography;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Cryptography.Sealing;
using Xunit;

namespace Vouchsafe.Cryptography.Tests.Sealing;

public sealed class SealTests
{
    private static readonly SecretKey Key = SecretKey.Generate();

    private static AssociatedData Place(string column = "name") =>
        new AssociatedData("vouchsafe/column/v1").Add(Guid.Parse("0198c0de-0000-7000-8000-000000000001")).Add("customers").Add(column).Add(1);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(10_000)]
    public void What_is_sealed_opens_where_it_belongs(int size)
    {
        var content = RandomNumberGenerator.GetBytes(size);
        var sealedValue = Seal.Protect(Key, content, Place());
        Assert.Equal(size + Seal.Overhead, sealedValue.Length);
        Assert.Equal(Key.Id, Seal.KeyOf(sealedValue));
        Assert.Equal(content, Seal.Open(Key, sealedValue, Place()));
        Assert.NotEqual(sealedValue, Seal.Protect(Key, content, Place()));
    }

    [Fact]
    public void No_bit_can_be_turned()
    {
        var sealedValue = Seal.Protect(Key, "Mari Maasikas"u8, Place());
        for (var bit = 0; bit < sealedValue.Length * 8; bit++)
        {
            sealedValue[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<SealException>(() => Seal.Open(Key, sealedValue, Place()));
            sealedValue[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        Assert.Equal("Mari Maasikas"u8.ToArray(), Seal.Open(Key, sealedValue, Place()));
    }

    [Fact]
    public void Says_what_is_wrong_and_no_more()
    {
        var sealedValue = Seal.Protect(Key, "x"u8, Place());
        Assert.Equal(SealFault.Altered, Fault(() => Seal.Open(Key, sealedValue, Place("email"))));
        Assert.Equal(SealFault.WrongKey, Fault(() => Seal.Open(SecretKey.Generate(), sealedValue, Place())));
        Assert.Equal(SealFault.Malformed, Fault(() => Seal.Open(Key, sealedValue.AsSpan(0, Seal.Overhead - 1).ToArray(), Place())));
        Assert.Equal(SealFault.Malformed, Fault(() => Seal.Open(Key, [], Place())));
        Assert.Equal(SealFault.Malformed, Fault(() => Seal.KeyOf([1, 2])));
    }

    [Fact]
    public void A_key_that_shares_the_id_is_still_told_apart_by_the_commitment()
    {
        var sealedValue = Seal.Protect(Key, "x"u8, Place());
        var other = SecretKey.Generate();
        other.Id.CopyTo(sealedValue.AsSpan(1));
        Assert.Equal(SealFault.WrongKey, Fault(() => Seal.Open(other, sealedValue, Place())));
    }

    [Fact]
    public void Parts_of_associated_data_do_not_run_into_each_other()
    {
        Assert.NotEqual(new AssociatedData("f").Add("ab").Add("c").Bytes.ToArray(), new AssociatedData("f").Add("a").Add("bc").Bytes.ToArray());
        Assert.NotEqual(new AssociatedData("f").Bytes.ToArray(), new AssociatedData("f").Add("").Bytes.ToArray());
    }

    [Fact]
    public void Random_bytes_are_refused_as_a_seal_exception_and_nothing_else()
    {
        for (var round = 0; round < 300; round++)
        {
            var bytes = RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(300));
            if (bytes.Length > 0 && round % 2 == 0)
                bytes[0] = Seal.Version;
            Assert.Throws<SealException>(() => Seal.Open(Key, bytes, Place()));
        }
    }

    private static SealFault Fault(Action open) => Assert.Throws<SealException>(open).Fault;
}
