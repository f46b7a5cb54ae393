using System.Security.Cryptography;
using Vouchsafe.Cryptography.Passwords;
using Xunit;

namespace Vouchsafe.Cryptography.Tests.Passwords;

public sealed class PasswordHashTests
{
    private static readonly PasswordHashOptions Quick = new(iterations: 1000, saltBytes: 32, hashBytes: 32);

    [Fact]
    public void Says_its_figures_and_verifies_only_its_password()
    {
        var hash = PasswordHash.Create("Tere, maailm 1!", Quick);
        var text = hash.ToString();
        Assert.Matches("^\\$pbkdf2-sha256\\$i=1000\\$[A-Za-z0-9+/]{43}\\$[A-Za-z0-9+/]{43}$", text);
        var read = PasswordHash.Parse(text);
        Assert.True(read.Verify("Tere, maailm 1!"));
        Assert.False(read.Verify("Tere, maailm 1"));
        Assert.False(read.Verify(""));
        Assert.NotEqual(text, PasswordHash.Create("Tere, maailm 1!", Quick).ToString());
    }

    [Fact]
    public void Passes_wycheproof()
    {
        foreach (var (_, test) in Wycheproof.Read("pbkdf2_hmacsha256_test.json"))
        {
            var derived = PasswordHash.Derive(test.Hex("password"), test.Hex("salt"), test.GetProperty("iterationCount").GetInt32(), test.GetProperty("dkLen").GetInt32());
            Assert.True(derived.AsSpan().SequenceEqual(test.Hex("dk")) == test.IsValid(), $"tcId {test.Id()}");
        }
    }

    [Fact]
    public void Asks_to_be_made_anew_when_any_figure_rose()
    {
        var hash = PasswordHash.Create("p", Quick);
        Assert.False(hash.NeedsRehash(Quick));
        Assert.False(hash.NeedsRehash(new(500, 16, 16)));
        Assert.True(hash.NeedsRehash(new(1001, 32, 32)));
        Assert.True(hash.NeedsRehash(new(1000, 33, 32)));
        Assert.True(hash.NeedsRehash(new(1000, 32, 33)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("$")]
    [InlineData("$pbkdf2-sha1$i=1000$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$pbkdf2-sha256$i=0$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$pbkdf2-sha256$i=01$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$pbkdf2-sha256$i=-5$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$pbkdf2-sha256$i=$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$pbkdf2-sha256$i=99999999$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$pbkdf2-sha256$i=1000$AAAA$AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$pbkdf2-sha256$i=1000$AAAAAAAAAAAAAAAAAAAAAA$")]
    [InlineData("$pbkdf2-sha256$i=1000$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$pbkdf2-sha256$i=1000$AAAAAAAAAAA AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$pbkdf2-sha256$i=1000$AAAAAAAAAAAAAAAAAAAAAB$AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$pbkdf2-sha256$i=1000$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA$")]
    public void Refuses_what_is_no_hash(string text) => Assert.Throws<FormatException>(() => PasswordHash.Parse(text));

    [Fact]
    public void Random_damage_never_throws_anything_else_and_never_verifies()
    {
        var text = PasswordHash.Create("secret", Quick).ToString();
        for (var round = 0; round < 300; round++)
        {
            var damaged = text.ToCharArray();
            damaged[RandomNumberGenerator.GetInt32(damaged.Length)] = (char)RandomNumberGenerator.GetInt32(32, 127);
            if (new string(damaged) == text)
                continue;
            try
            {
                var read = PasswordHash.Parse(new string(damaged));
                Assert.True(read.Iterations > 20_000 || !read.Verify("secret"));
            }
            catch (FormatException)
            {
            }
        }
    }

    [Fact]
    public void Figures_out_of_bounds_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PasswordHashOptions(0, 32, 32));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PasswordHashOptions(1, 7, 32));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PasswordHashOptions(1, 32, 65));
    }
}
