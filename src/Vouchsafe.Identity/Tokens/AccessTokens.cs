namespace Vouchsafe.Identity.Tokens;

/// <summary>Issues and reads access tokens.</summary>
internal sealed class AccessTokens(SigningKeys keys, TokenOptions options, TokenRules rules, TimeProvider time)
{
    private readonly VerifiedTokens seen = new();

    /// <returns>A token of the posture's lifetime for a session.</returns>
    public string Issue(Guid user, Guid tenant, Guid session)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        return Sign(new AccessToken(options.Issuer, options.Audience, user, tenant, session, now, now, now + (long)options.Lifetime.TotalSeconds));
    }

    public string Sign(AccessToken token)
    {
        var id = keys.Current;
        return CompactJws.Sign(token.ToJson(), id, keys.Find(id)!);
    }

    /// <returns>The token where it is ours and in force; else null. Whether its session lives is another question.</returns>
    public AccessToken? Read(string text)
    {
        if (Verified(text) is not { } token) return null;
        var now = time.GetUtcNow();
        foreach (var rule in rules.All)
            if (!rule.Holds(token, options, now)) return null;
        return token;
    }

    /// <summary>What a token says whose signature is right; the same text is verified once while its key is in force.</summary>
    private AccessToken? Verified(string text)
    {
        if (VerifiedTokens.NameOf(text) is not { } name) return null;
        if (seen.Find(name) is { } known && keys.InForce(known.KeyId)) return known.Token;
        var keyId = "";
        if (CompactJws.Open(text, typed: true, id => keys.Find(keyId = id)) is not { } payload || AccessToken.Parse(payload) is not { } token) return null;
        seen.Add(name, keyId, token);
        return token;
    }
}
