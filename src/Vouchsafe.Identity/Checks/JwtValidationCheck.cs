using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Canaries;
using Vouchsafe.Identity.Tokens;

namespace Vouchsafe.Identity.Checks;

/// <summary>
/// Control <c>sessions.jwt-validation</c>: tokens that are right but for one thing, signed with the real key, sent over the network.
/// Each must be refused, and the right one accepted, or a server that refuses everybody would pass. And those of sessions that a new password ended.
/// </summary>
internal sealed class JwtValidationCheck(IdentityCanary canary, AccessTokens tokens, SigningKeys keys, TokenOptions options, EndedSessions ended, TimeProvider time) : ICheck
{
    private const string Path = "/api/me";

    public string Control => TokenOptions.ValidationControl;

    public Vantage Vantage => Vantage.Inside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        var (pair, _, _) = await canary.SignInAsync(Roles.User, cancellationToken);
        var good = tokens.Read(pair.AccessToken);
        if (good is null)
            return Finding.Broken("A token that was just issued isn't accepted by those who issued it.");
        var skew = (long)context.Figures.Duration("clock-skew").TotalSeconds;
        var keyBits = keys.Find(keys.Current)!.Length * 8;
        if (keyBits < context.Figures.Integer("key-bits"))
            return Finding.Broken($"The signing key has {keyBits} bits, where {context.Figures.Integer("key-bits")} are promised.");

        using var bearer = new OutsideClient(context.Target);
        var seen = new JsonObject { ["path"] = Path };
        foreach (var (name, token, accepted) in Cases(good, pair.AccessToken, skew))
        {
            var status = await bearer.AskAsync(HttpMethod.Get, Path, token, cancellationToken);
            seen[name] = (int)status;
            if (accepted && status != HttpStatusCode.OK)
                return Finding.Broken($"A token {name} is refused with {(int)status}; it must be accepted.", seen);
            if (!accepted && status != HttpStatusCode.Unauthorized)
                return Finding.Broken($"A token {name} is answered with {(int)status}; it must be refused with 401.", seen);
        }

        var refused = seen.Count - 3;
        if (await ended.LookAsync(context.Target, cancellationToken) is { } alive)
            return Finding.Broken($"Tokens outlive their password: {alive}.", seen);
        return Finding.Held($"A good token is accepted, also {skew / 2} s late; {refused} bad ones (algorithm, key, issuer, audience, tenant, time) are refused, and so are those of sessions from before a new password.", seen);
    }

    private IEnumerable<(string Name, string Token, bool Accepted)> Cases(AccessToken good, string text, long skew)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var life = (long)options.Lifetime.TotalSeconds;
        var other = RandomNumberGenerator.GetBytes(32);
        yield return ("as issued", text, true);
        yield return ("expired within the skew", Signed(good with { Expires = now - (skew / 2), IssuedAt = now - (skew / 2) - life, NotBefore = now - life }), true);
        yield return ("expired beyond the skew", Signed(good with { Expires = now - skew - 10, IssuedAt = now - skew - 10 - life, NotBefore = now - skew - 10 - life }), false);
        yield return ("not valid yet", Signed(good with { NotBefore = now + skew + 30 }), false);
        yield return ("of another issuer", Signed(good with { Issuer = "https://issuer.example" }), false);
        yield return ("for another audience", Signed(good with { Audience = "https://audience.example/api" }), false);
        yield return ("for another tenant", Signed(good with { Tenant = Guid.CreateVersion7(time.GetUtcNow()) }), false);
        yield return ("for another user", Signed(good with { User = Guid.CreateVersion7(time.GetUtcNow()) }), false);
        yield return ("living longer than promised", Signed(good with { Expires = good.IssuedAt + life + 60 }), false);
        yield return ("under another key", CompactJws.Sign(good.ToJson(), keys.Current, other), false);
        yield return ("under a key id that isn't there", CompactJws.Sign(good.ToJson(), "0", keys.Find(keys.Current)!), false);
        yield return ("without an algorithm", Unsigned(good), false);
        yield return ("under HS512", Hs512(good), false);
        yield return ("with a changed payload", Tampered(text), false);
        yield return ("without its signature", text[..(text.LastIndexOf('.') + 1)], false);
    }

    private string Signed(AccessToken token) => tokens.Sign(token);

    private static string Unsigned(AccessToken token) => $"{Encode("""{"alg":"none","typ":"JWT"}""")}.{Base64UrlText.Encode(token.ToJson())}.";

    private string Hs512(AccessToken token)
    {
        var message = $"{Encode($$"""{"alg":"HS512","typ":"JWT","kid":"{{keys.Current}}"}""")}.{Base64UrlText.Encode(token.ToJson())}";
        return $"{message}.{Base64UrlText.Encode(HMACSHA512.HashData(keys.Find(keys.Current)!, Encoding.ASCII.GetBytes(message)))}";
    }

    private static string Tampered(string text)
    {
        var parts = text.Split('.');
        var payload = Encoding.UTF8.GetString(Base64UrlText.Decode(parts[1])!);
        var changed = payload.Replace("\"sub\":\"", "\"sub\":\"0", StringComparison.Ordinal);
        return $"{parts[0]}.{Encode(changed)}.{parts[2]}";
    }

    private static string Encode(string json) => Base64UrlText.Encode(Encoding.UTF8.GetBytes(json));
}
