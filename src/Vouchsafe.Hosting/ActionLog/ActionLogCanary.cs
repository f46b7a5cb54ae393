using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Hosting.ActionLog;

/// <summary>
/// Two endpoints that do nothing, so that a check can send a change and a read of personal data through the whole pipeline and
/// see whether they leave their entries. Who knows the cell's key acts there as the canary; anybody else gets the same empty answer.
/// </summary>
internal sealed class ActionLogCanary(KeyRing keys)
{
    public const string Path = "/audit/canary";
    public const string Header = "X-Vouchsafe-Canary";

    private static readonly Caller Canary = new(
        CanaryLog.Person, CanaryLog.Tenant, FrozenSet<string>.Empty, FrozenSet<string>.Empty, OwnerReach.All, CanaryLog.Address);

    /// <summary>The header's value for a nonce of hex digits: the nonce and its MAC.</summary>
    public string Token(string nonce) => nonce + "." + Mac(nonce);

    /// <summary>Who acts: the canary where the request carries a token, on the canary's endpoints alone.</summary>
    public Caller? CallerOf(HttpContext context, Endpoint endpoint)
    {
        return endpoint.Metadata.GetMetadata<Mark>() is not null && NonceOf(context) is not null ? Canary : null;
    }

    /// <summary>The nonce of a request that a check sent; null where it carries no token, or none of this cell's.</summary>
    public string? NonceOf(HttpContext context)
    {
        if (context.Request.Headers[Header] is not [{ Length: < 200 } token] || token.Split('.') is not [var nonce, var mac])
            return null;
        var expected = System.Text.Encoding.ASCII.GetBytes(Mac(nonce));
        return CryptographicOperations.FixedTimeEquals(expected, System.Text.Encoding.UTF8.GetBytes(mac)) ? nonce : null;
    }

    private string Mac(string nonce) =>
        keys.Derive("audit/action-log-canary").Authenticate(System.Text.Encoding.UTF8.GetBytes(nonce)).ToString();

    internal sealed class Mark;
}

internal static class ActionLogCanaryEndpoints
{
    public static void MapActionLogCanary(this IEndpointRouteBuilder endpoints)
    {
        const string why = "It does nothing and says nothing; a check uses it to see that requests leave entries in the trail.";
        endpoints.MapPost(ActionLogCanary.Path, () => Results.NoContent()).OpenToAnybody(why).NothingToGuess("it takes nothing").WithMetadata(new ActionLogCanary.Mark()).WithName("audit.canary.change").WithTags("Audit trail").WithSummary("Does nothing: a check sees whether a change leaves its entry");
        endpoints.MapGet(ActionLogCanary.Path, () => Results.NoContent()).OpenToAnybody(why).WithMetadata(new ActionLogCanary.Mark())
            .ReadsPersonalData("canary").WithName("audit.canary.read").WithTags("Audit trail").WithSummary("Answers nothing: a check sees whether a read leaves its entry");
    }
}
