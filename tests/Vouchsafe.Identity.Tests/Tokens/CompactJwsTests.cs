using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vouchsafe.Identity.Tokens;
using Xunit;

namespace Vouchsafe.Identity.Tests.Tokens;

public sealed class CompactJwsTests
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public void What_was_signed_is_read_back() => Prop.ForAll<byte[]>(payload =>
    {
        if (payload.Length is 0 or > 2000) return true;
        var token = CompactJws.Sign(payload, "7", Key);
        return CompactJws.Open(token, typed: true, id => id == "7" ? Key : null)!.AsSpan().SequenceEqual(payload);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void One_changed_character_anywhere_spoils_the_token()
    {
        var token = CompactJws.Sign("{\"sub\":\"x\"}"u8, "7", Key);
        for (var at = 0; at < token.Length; at++)
            foreach (var other in "Aa0-_.=?% \0é")
            {
                if (token[at] == other) continue;
                var changed = token[..at] + other + token[(at + 1)..];
                Assert.Null(CompactJws.Open(changed, typed: true, _ => Key));
            }
    }

    [Fact]
    public void Any_text_is_refused_without_an_exception() => Prop.ForAll<string?>(text =>
        CompactJws.Open(text ?? "", typed: true, _ => Key) is null).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_three_parts_are_refused_without_an_exception() => Prop.ForAll<byte[], byte[], byte[]>((header, payload, signature) =>
        CompactJws.Open($"{Base64UrlText.Encode(header)}.{Base64UrlText.Encode(payload)}.{Base64UrlText.Encode(signature)}", typed: true, _ => Key) is null)
        .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("""{"alg":"none","kid":"7","typ":"JWT"}""")]
    [InlineData("""{"alg":"HS384","kid":"7","typ":"JWT"}""")]
    [InlineData("""{"alg":"hs256","kid":"7","typ":"JWT"}""")]
    [InlineData("""{"alg":["HS256"],"kid":"7","typ":"JWT"}""")]
    [InlineData("""{"alg":"HS256","kid":"7"}""")]
    [InlineData("""{"alg":"HS256","kid":"7","typ":"at+jwt"}""")]
    [InlineData("""{"alg":"HS256","typ":"JWT"}""")]
    [InlineData("""{"alg":"HS256","kid":7,"typ":"JWT"}""")]
    [InlineData("""{"alg":"HS256","alg":"HS256","kid":"7","typ":"JWT"}""")]
    [InlineData("""{"alg":"HS256","alg":"none","kid":"7","typ":"JWT"}""")]
    [InlineData("""{"alg":"HS256","kid":"7","typ":"JWT","crit":["exp"]}""")]
    [InlineData("""{"alg":"HS256","kid":"7","typ":"JWT","jku":"https://example.org"}""")]
    [InlineData("""{"alg":"HS256","kid":"\ud800","typ":"JWT"}""")]
    [InlineData("""{"alg":"HS256","kid":"7","typ":"JWT"} {}""")]
    [InlineData("""[{"alg":"HS256","kid":"7","typ":"JWT"}]""")]
    [InlineData("""{"alg":"HS256","kid":"7","typ":"JWT",}""")]
    [InlineData("null")]
    [InlineData("")]
    public void A_header_that_is_not_exactly_ours_is_refused_though_its_signature_is_right(string header)
    {
        Assert.NotNull(CompactJws.Open(SignedWith("""{"alg":"HS256","kid":"7","typ":"JWT"}"""), typed: true, _ => Key));
        Assert.Null(CompactJws.Open(SignedWith(header), typed: true, _ => Key));
    }

    [Fact]
    public void A_token_that_is_too_long_is_refused_unread()
    {
        var asked = false;
        Assert.Null(CompactJws.Open(CompactJws.Sign(new byte[CompactJws.Longest], "7", Key), typed: true, _ => { asked = true; return Key; }));
        Assert.False(asked);
    }

    [Fact]
    public void Stray_bits_in_the_last_character_are_refused()
    {
        Assert.Null(Base64UrlText.Decode("QQ".AsSpan()[..1]));
        Assert.Equal("A"u8.ToArray(), Base64UrlText.Decode("QQ"));
        Assert.Null(Base64UrlText.Decode("QR"));
        Assert.Null(Base64UrlText.Decode("QQ=="));
        Assert.Null(Base64UrlText.Decode("Q Q"));
    }

    private static string SignedWith(string header)
    {
        var signed = Base64UrlText.Encode(Encoding.UTF8.GetBytes(header)) + "." + Base64UrlText.Encode("{}"u8);
        return signed + "." + Base64UrlText.Encode(HMACSHA256.HashData(Key, Encoding.ASCII.GetBytes(signed)));
    }
}
