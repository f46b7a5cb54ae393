using System.Net;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Hosting.Canaries;
using Vouchsafe.Identity.Links;
using Vouchsafe.Identity.Sessions;
using Vouchsafe.Identity.SigningIn;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Checks;

/// <summary>
/// Gives a canary a new password, by the one before and by its mailbox, over the network, and looks whether a session
/// from before is dead: its token and its refresh token.
/// </summary>
internal sealed class EndedSessions(IdentityCanary canary, SessionOpening opening, LinkStore links, IDatabase database)
{
    /// <returns>What is wrong; null where nothing is.</returns>
    public async Task<string?> LookAsync(CheckTarget target, CancellationToken cancellationToken)
    {
        var member = await canary.SeparateAsync("changing", cancellationToken);
        foreach (var isReset in new[] { false, true })
        {
            var (own, other) = (await canary.OpenAsync(member, cancellationToken), await canary.OpenAsync(member, cancellationToken));
            using var client = new OutsideClient(target);
            var answer = isReset
                ? await PostAsync(client, "/api/account/reset/complete", null, new JsonObject { ["token"] = await IssueAsync(member, cancellationToken), ["password"] = canary.Password }, cancellationToken)
                : await PostAsync(client, "/api/account/password", own.AccessToken, new JsonObject { ["current"] = canary.Password, ["chosen"] = canary.Password }, cancellationToken);
            var how = isReset ? "a reset" : "a change of the password";
            if (answer.Status != HttpStatusCode.NoContent)
                return $"{how} was answered {answer}, so that nothing can be told of the sessions it ends";
            if (await client.AskAsync(HttpMethod.Get, "/api/me", other.AccessToken, cancellationToken) != HttpStatusCode.Unauthorized)
                return $"after {how} a session from before is still accepted";
            if (await opening.RefreshAsync(Secret.Parse(other.RefreshToken)!, IPAddress.Loopback, cancellationToken) is not null)
                return $"after {how} a refresh token from before is still accepted";
            if (await client.AskAsync(HttpMethod.Get, "/api/me", own.AccessToken, cancellationToken) is var status && status != (isReset ? HttpStatusCode.Unauthorized : HttpStatusCode.OK))
                return $"after {how} the session of whoever did it is answered {(int)status}";
        }
        return null;
    }

    private static Task<OutsideAnswer> PostAsync(OutsideClient client, string path, string? token, JsonObject body, CancellationToken cancellationToken) =>
        client.SendAsync(HttpMethod.Post, new Uri(path, UriKind.Relative), token, body, cancellationToken);

    private async Task<string> IssueAsync(CanaryMember member, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Actor.System("checks"));
        return (await links.IssueAsync(session, LinkPurpose.Reset, member.Address, null, cancellationToken)).Token.Text;
    }
}
