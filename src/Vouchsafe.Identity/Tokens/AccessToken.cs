using System.Text.Json;

namespace Vouchsafe.Identity.Tokens;

/// <summary>What an access token says (RFC 7519 §4.1). Times are Unix seconds.</summary>
internal sealed record AccessToken(string Issuer, string Audience, Guid User, Guid Tenant, Guid Session, long IssuedAt, long NotBefore, long Expires)
{
    // The year 9999: beyond it, arithmetic on a moment would overflow.
    private const long Latest = 253_402_300_799;

    public byte[] ToJson()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("iss", Issuer);
            writer.WriteString("aud", Audience);
            writer.WriteString("sub", User);
            writer.WriteString("tenant", Tenant);
            writer.WriteString("sid", Session);
            writer.WriteNumber("iat", IssuedAt);
            writer.WriteNumber("nbf", NotBefore);
            writer.WriteNumber("exp", Expires);
            writer.WriteEndObject();
        }
        return stream.ToArray();
    }

    /// <summary>Null unless each claim is there once and of its type.</summary>
    public static AccessToken? Parse(ReadOnlyMemory<byte> utf8)
    {
        using var document = StrictJson.Object(utf8);
        if (document is null) return null;
        var claims = document.RootElement;
        return claims.Text("iss") is { } issuer && claims.Text("aud") is { } audience
            && Id(claims, "sub") is { } user && Id(claims, "tenant") is { } tenant && Id(claims, "sid") is { } session
            && claims.Whole("iat") is >= 0 and <= Latest and var issuedAt
            && claims.Whole("nbf") is >= 0 and <= Latest and var notBefore
            && claims.Whole("exp") is >= 0 and <= Latest and var expires
            ? new AccessToken(issuer, audience, user, tenant, session, issuedAt, notBefore, expires)
            : null;
    }

    private static Guid? Id(JsonElement claims, string name) =>
        Guid.TryParseExact(claims.Text(name), "D", out var id) && id != Guid.Empty ? id : null;
}
