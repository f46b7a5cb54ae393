namespace Vouchsafe.Identity.Tokens;

/// <summary>What a token whose signature is right must still hold to; each rule by itself, in order.</summary>
internal sealed class TokenRules
{
    public List<TokenRule> All { get; } =
    [
        new("issuer", (token, options, _) => token.Issuer == options.Issuer),
        new("audience", (token, options, _) => token.Audience == options.Audience),
        new("expired", (token, options, now) => now.ToUnixTimeMilliseconds() <= (token.Expires * 1000) + (long)options.Skew.TotalMilliseconds),
        new("not-yet-valid", (token, options, now) => token.NotBefore * 1000 <= now.ToUnixTimeMilliseconds() + (long)options.Skew.TotalMilliseconds),
        new("issued-in-the-future", (token, options, now) => token.IssuedAt * 1000 <= now.ToUnixTimeMilliseconds() + (long)options.Skew.TotalMilliseconds),
        new("lifetime", (token, options, _) => token.Expires - token.IssuedAt <= (long)options.Lifetime.TotalSeconds && token.Expires > token.IssuedAt),
    ];
}

/// <param name="Name">What the token breaks.</param>
/// <param name="Holds">Whether the token holds to it.</param>
internal sealed record TokenRule(string Name, Func<AccessToken, TokenOptions, DateTimeOffset, bool> Holds);
