using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Vouchsafe.Identity.Tokens;

/// <summary>JWS in compact form (RFC 7515 §7.1) with HMAC-SHA256 (RFC 7518 §3.2), and nothing else: no other algorithm can be asked for.</summary>
internal static class CompactJws
{
    public const int Longest = 4096;

    /// <param name="payload">What is signed.</param>
    /// <param name="keyId">The key's name in the header.</param>
    /// <param name="key">32 bytes.</param>
    public static string Sign(ReadOnlySpan<byte> payload, string keyId, ReadOnlySpan<byte> key)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(new { alg = "HS256", kid = keyId, typ = "JWT" });
        var signed = Base64UrlText.Encode(header) + "." + Base64UrlText.Encode(payload);
        return signed + "." + Base64UrlText.Encode(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signed)));
    }

    /// <param name="text">The token as it came.</param>
    /// <param name="typed">Whether the header must say <c>typ: JWT</c> (RFC 8725 §3.11).</param>
    /// <param name="key">The key of a key id, or null where there is none; asked at most once, before anything is trusted.</param>
    /// <returns>The payload where the signature is right; else null.</returns>
    public static byte[]? Open(string text, bool typed, Func<string, byte[]?> key)
    {
        if (text.Length > Longest) return null;
        var first = text.IndexOf('.', StringComparison.Ordinal);
        var last = text.LastIndexOf('.');
        if (first < 1 || last <= first + 1 || last == text.Length - 1 || text.AsSpan(first + 1, last - first - 1).Contains('.')) return null;
        if (Base64UrlText.Decode(text.AsSpan(0, first)) is not { } header
            || Base64UrlText.Decode(text.AsSpan(first + 1, last - first - 1)) is not { } payload
            || Base64UrlText.Decode(text.AsSpan(last + 1)) is not { Length: HMACSHA256.HashSizeInBytes } signature
            || KeyId(header, typed) is not { } keyId
            || key(keyId) is not { } secret)
            return null;
        var expected = HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(text[..last]));
        return CryptographicOperations.FixedTimeEquals(expected, signature) ? payload : null;
    }

    /// <summary>The key id of a header that holds exactly <c>alg</c>, <c>kid</c> and, where asked for, <c>typ</c>: no crit, no jku, no jwk.</summary>
    private static string? KeyId(byte[] utf8, bool typed)
    {
        using var document = StrictJson.Object(utf8);
        if (document is null) return null;
        var header = document.RootElement;
        foreach (var member in header.EnumerateObject())
            if (!(member.NameEquals("alg") || member.NameEquals("kid") || member.NameEquals("typ"))) return null;
        if (header.Text("alg") != "HS256") return null;
        if (typed && header.Text("typ") != "JWT") return null;
        return header.Text("kid");
    }
}
