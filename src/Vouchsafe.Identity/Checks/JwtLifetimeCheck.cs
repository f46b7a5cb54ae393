using System.Net;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Canaries;
using Vouchsafe.Identity.Sessions;
using Vouchsafe.Identity.SigningIn;
using Vouchsafe.Identity.Tokens;

namespace Vouchsafe.Identity.Checks;

/// <summary>Control <c>sessions.jwt-lifetime</c>: a token lives as long as promised; a refresh token works once, and its second use ends the family.</summary>
internal sealed class JwtLifetimeCheck(IdentityCanary canary, SessionOpening sessions) : ICheck
{
    public string Control => TokenOptions.LifetimeControl;

    public Vantage Vantage => Vantage.Inside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        var promised = (long)context.Figures.Duration("lifetime").TotalSeconds;
        var (first, _, _) = await canary.SignInAsync(Roles.User, cancellationToken);
        var claims = JsonNode.Parse(Base64UrlText.Decode(first.AccessToken.Split('.')[1])!)!;
        var lives = (long)claims["exp"]! - (long)claims["iat"]!;
        var seen = new JsonObject { ["exp-minus-iat"] = lives };
        if (lives != promised)
            return Finding.Broken($"A token lives {lives} s, where {promised} s are promised.", seen);

        var second = await RefreshAsync(first, cancellationToken);
        if (second is null)
            return Finding.Broken("A refresh token isn't accepted at its first use.", seen);
        if (second.RefreshToken == first.RefreshToken)
            return Finding.Broken("A refresh doesn't replace the refresh token.", seen);
        using var bearer = new OutsideClient(context.Target);
        if (await bearer.AskAsync(HttpMethod.Get, "/api/me", second.AccessToken, cancellationToken) != HttpStatusCode.OK)
            return Finding.Broken("A token from a refresh isn't accepted.", seen);
        if (await RefreshAsync(first, cancellationToken) is not null)
            return Finding.Broken("A refresh token is accepted a second time.", seen);
        if (await RefreshAsync(second, cancellationToken) is not null)
            return Finding.Broken("After a refresh token was used twice its successor is still accepted.", seen);
        return Finding.Held($"A token lives {lives} s; a refresh token works once, and its second use ended the whole family.", seen);
    }

    private Task<TokenPair?> RefreshAsync(TokenPair pair, CancellationToken cancellationToken) =>
        sessions.RefreshAsync(Secret.Parse(pair.RefreshToken)!, IPAddress.Loopback, cancellationToken);
}
