using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Vouchsafe.Claims.Evidence;
using Vouchsafe.Cryptography.Signatures;
using Xunit;

namespace Vouchsafe.Claims.Tests.Evidence;

/// <summary>A signed document opens as it was signed, or not at all.</summary>
public sealed class SignedDocuments
{
    private const string Format = "test.vouchsafe.dev/document/v1";
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(1_000);
    private readonly Ed25519SigningKey key = new(RandomNumberGenerator.GetBytes(32));

    [Fact]
    public void It_opens_under_its_key_in_any_layout()
    {
        var text = Signed().ToJsonString(new() { WriteIndented = true });
        Assert.NotNull(SignedDocument.Open(Encoding.UTF8.GetBytes(text), Format, key.PublicKey, out var fault));
        Assert.Empty(fault);
    }

    [Fact]
    public void Under_another_key_or_format_it_does_not()
    {
        var bytes = Bytes(Signed());
        Assert.Null(SignedDocument.Open(bytes, Format, RandomNumberGenerator.GetBytes(32), out var fault));
        Assert.Contains("another key", fault, StringComparison.Ordinal);
        Assert.Null(SignedDocument.Open(bytes, "test.vouchsafe.dev/document/v2", key.PublicKey, out fault));
        Assert.Contains("format", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signature_for_one_format_is_none_for_another()
    {
        var signed = Signed();
        signed["format"] = "test.vouchsafe.dev/other/v1";
        Assert.Null(SignedDocument.Open(Bytes(signed), "test.vouchsafe.dev/other/v1", key.PublicKey, out var fault));
        Assert.Contains("altered", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_in_any_byte_it_does_not_open_as_something_else()
    {
        var bytes = Bytes(Signed());
        var original = CanonicalJson.Text(Signed());
        Prop.ForAll(Gen.Choose(0, bytes.Length - 1).ToArbitrary(), Gen.Choose(0, 255).ToArbitrary(), (at, value) =>
        {
            byte[] damaged = [.. bytes[..at], (byte)value, .. bytes[(at + 1)..]];
            var opened = SignedDocument.Open(damaged, Format, key.PublicKey, out var fault);
            return opened is null ? fault.Length > 0 : CanonicalJson.Text(opened) == original;
        }).Check(Many);
    }

    [Fact]
    public void Any_bytes_are_refused_in_words() =>
        Prop.ForAll<byte[]>(bytes => SignedDocument.Open(bytes, Format, null, out var fault) is null && fault.Length > 0).Check(Many);

    [Theory]
    [InlineData("""{"format":"a","format":"b"}""")]
    [InlineData("""{"number":1.5}""")]
    [InlineData("""{"number":9007199254740993}""")]
    [InlineData("""{"half":"\ud800"}""")]
    [InlineData("""[]""")]
    [InlineData("""null""")]
    [InlineData("""{"a":1} {"b":2}""")]
    [InlineData("""{"a":1,}""")]
    public void What_has_no_one_reading_is_refused(string text) =>
        Assert.Null(SignedDocument.Open(Encoding.UTF8.GetBytes(text), Format, null, out _));

    [Fact]
    public void Depth_and_length_are_bounded()
    {
        Assert.Null(SignedDocument.Open(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 100)), Format, null, out _));
        Assert.Null(SignedDocument.Open(new byte[SignedDocument.LongestDocument + 1], Format, null, out var fault));
        Assert.Contains("longer", fault, StringComparison.Ordinal);
    }

    private JsonObject Signed() => SignedDocument.Sign(new JsonObject
    {
        ["format"] = Format,
        ["words"] = new JsonArray("é", "\u2028", "\"\\/"),
        ["number"] = -42,
        ["nothing"] = null,
        ["nested"] = new JsonObject { ["b"] = true, ["a"] = false },
    }, key);

    private static byte[] Bytes(JsonObject document) => Encoding.UTF8.GetBytes(document.ToJsonString());
}
