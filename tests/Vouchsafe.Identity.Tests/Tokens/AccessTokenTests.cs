using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Identity.Tokens;
using Vouchsafe.Testing.Time;
using Xunit;

namespace Vouchsafe.Identity.Tests.Tokens;

public sealed class AccessTokenTests
{
    private static readonly Guid User = Guid.Parse("01900000-0000-7000-8000-00000000000a");
    private static readonly Guid Tenant = Guid.Parse("01900000-0000-7000-8000-00000000000b");
    private static readonly Guid Session = Guid.Parse("01900000-0000-7000-8000-00000000000c");

    private readonly FakeTimeProvider time = new();
    private readonly TokenOptions options = new()
    {
        Lifetime = TimeSpan.FromMinutes(15), Skew = TimeSpan.FromSeconds(60), RefreshLifetime = TimeSpan.FromDays(14), Issuer = "https://app.example",
    };

    private readonly SigningKeys keys;
    private readonly AccessTokens tokens;

    public AccessTokenTests()
    {
        keys = new SigningKeys(new KeyRing(new MemoryKeyStore(), time), time);
        tokens = new AccessTokens(keys, options, new TokenRules(), time);
    }

    [Fact]
    public void A_token_lives_its_lifetime_and_the_skew_and_not_a_second_more()
    {
        var token = tokens.Issue(User, Tenant, Session);
        Assert.Equal(900, tokens.Read(token)!.Expires - tokens.Read(token)!.IssuedAt);
        time.Advance(TimeSpan.FromSeconds(960));
        Assert.NotNull(tokens.Read(token));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(tokens.Read(token));
    }

    [Fact]
    public void A_rotated_key_still_reads_what_it_signed_and_one_rotated_twice_does_not()
    {
        options.Lifetime = TimeSpan.FromDays(400);
        var token = tokens.Issue(User, Tenant, Session);
        var first = keys.Current;
        time.Advance(TimeSpan.FromDays(30));
        Assert.NotEqual(first, keys.Current);
        Assert.NotNull(tokens.Read(token));
        time.Advance(TimeSpan.FromDays(30));
        Assert.Null(keys.Find(first));
        Assert.Null(tokens.Read(token));
    }

    [Fact]
    public void A_token_that_was_read_vouches_for_no_other_text()
    {
        var token = tokens.Issue(User, Tenant, Session);
        Assert.NotNull(tokens.Read(token));
        for (var at = 0; at < token.Length; at++)
            Assert.Null(tokens.Read(token[..at] + (token[at] == 'x' ? 'y' : 'x') + token[(at + 1)..]));
        Assert.Null(tokens.Read(token + "\u00e4"));
        Assert.Equal(tokens.Read(token), tokens.Read(new string(token)));
    }

    [Fact]
    public void More_tokens_than_are_remembered_are_read_all_the_same()
    {
        var first = tokens.Issue(User, Tenant, Session);
        for (var n = 0; n <= VerifiedTokens.Most; n++)
            Assert.NotNull(tokens.Read(tokens.Issue(User, Tenant, new Guid(n + 1, 0, 0x7000, [0x80, 0, 0, 0, 0, 0, 0, 0]))));
        Assert.NotNull(tokens.Read(first));
    }

    public static TheoryData<string> Broken() =>
        [nameof(AccessToken.Issuer), nameof(AccessToken.Audience), nameof(AccessToken.Expires), nameof(AccessToken.NotBefore), nameof(AccessToken.IssuedAt), "Lifetime", "Backwards"];

    [Theory, MemberData(nameof(Broken))]
    public void Each_rule_refuses_what_breaks_it_and_it_alone(string what)
    {
        var good = tokens.Read(tokens.Issue(User, Tenant, Session))!;
        var now = good.IssuedAt;
        var bad = what switch
        {
            nameof(AccessToken.Issuer) => good with { Issuer = "https://app.example/" },
            nameof(AccessToken.Audience) => good with { Audience = "https://app.example" },
            nameof(AccessToken.Expires) => good with { IssuedAt = now - 961, NotBefore = now - 961, Expires = now - 61 },
            nameof(AccessToken.NotBefore) => good with { NotBefore = now + 61 },
            nameof(AccessToken.IssuedAt) => good with { IssuedAt = now + 61, Expires = now + 961 },
            "Lifetime" => good with { Expires = now + 901 },
            _ => good with { Expires = now, IssuedAt = now },
        };
        Assert.NotNull(tokens.Read(tokens.Sign(good)));
        Assert.Null(tokens.Read(tokens.Sign(bad)));
    }

    [Fact]
    public void Expired_by_less_than_the_skew_is_accepted()
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        Assert.NotNull(tokens.Read(tokens.Sign(new AccessToken(options.Issuer, options.Audience, User, Tenant, Session, now - 959, now - 959, now - 59))));
    }

    [Theory]
    [InlineData("""{"iss":"i","aud":"a","sub":"01900000-0000-7000-8000-00000000000a","tenant":"01900000-0000-7000-8000-00000000000b","sid":"01900000-0000-7000-8000-00000000000c","iat":1,"nbf":1}""")]
    [InlineData("""{"iss":"i","aud":"a","sub":"01900000-0000-7000-8000-00000000000a","tenant":"01900000-0000-7000-8000-00000000000b","sid":"01900000-0000-7000-8000-00000000000c","iat":1,"nbf":1,"exp":"2"}""")]
    [InlineData("""{"iss":"i","aud":"a","sub":"01900000-0000-7000-8000-00000000000a","tenant":"01900000-0000-7000-8000-00000000000b","sid":"01900000-0000-7000-8000-00000000000c","iat":1,"nbf":1,"exp":2.5}""")]
    [InlineData("""{"iss":"i","aud":"a","sub":"01900000-0000-7000-8000-00000000000a","tenant":"01900000-0000-7000-8000-00000000000b","sid":"01900000-0000-7000-8000-00000000000c","iat":1,"nbf":1,"exp":-2}""")]
    [InlineData("""{"iss":"i","aud":"a","sub":"01900000-0000-7000-8000-00000000000a","tenant":"01900000-0000-7000-8000-00000000000b","sid":"01900000-0000-7000-8000-00000000000c","iat":1,"nbf":1,"exp":9223372036854775807}""")]
    [InlineData("""{"iss":"i","aud":["a","b"],"sub":"01900000-0000-7000-8000-00000000000a","tenant":"01900000-0000-7000-8000-00000000000b","sid":"01900000-0000-7000-8000-00000000000c","iat":1,"nbf":1,"exp":2}""")]
    [InlineData("""{"iss":"i","aud":"a","sub":"00000000-0000-0000-0000-000000000000","tenant":"01900000-0000-7000-8000-00000000000b","sid":"01900000-0000-7000-8000-00000000000c","iat":1,"nbf":1,"exp":2}""")]
    [InlineData("""{"iss":"i","aud":"a","sub":"01900000-0000-7000-8000-00000000000a","tenant":"01900000-0000-7000-8000-00000000000b","sid":"01900000-0000-7000-8000-00000000000c","iat":1,"nbf":1,"exp":2,"exp":99}""")]
    [InlineData("""{"iss":"i","aud":"a","sub":"01900000-0000-7000-8000-00000000000a","sid":"01900000-0000-7000-8000-00000000000c","iat":1,"nbf":1,"exp":2}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public void Claims_of_a_wrong_type_missing_or_twice_are_no_token(string json)
    {
        Assert.NotNull(AccessToken.Parse(Encoding.UTF8.GetBytes("""{"iss":"i","aud":"a","sub":"01900000-0000-7000-8000-00000000000a","tenant":"01900000-0000-7000-8000-00000000000b","sid":"01900000-0000-7000-8000-00000000000c","iat":1,"nbf":1,"exp":2}""")));
        Assert.Null(AccessToken.Parse(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void Any_bytes_parse_without_an_exception() =>
        Prop.ForAll<byte[]>(bytes => AccessToken.Parse(bytes) is null).QuickCheckThrowOnFailure();

    private sealed class MemoryKeyStore : IKeyStore
    {
        private readonly byte[] root = RandomNumberGenerator.GetBytes(32);

        public byte[] ReadRoot() => [.. root];

        public StoredKey Find(KeyName name) => StoredKey.Absent;

        public StoredKey Add(KeyName name, ReadOnlySpan<byte> wrapped) => StoredKey.Present(wrapped.ToArray());

        public void Destroy(KeyName name) => throw new InvalidOperationException("These tests destroy nothing.");
    }
}
