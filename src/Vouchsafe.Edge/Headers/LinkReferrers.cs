using Microsoft.AspNetCore.Http;
using Vouchsafe.Hosting.Accounts;

namespace Vouchsafe.Edge.Headers;

/// <summary>
/// Where an address holds a link's token, no page that is opened or loaded from there is told the address, whatever
/// the posture's policy is for other answers: stricter than what is promised, never laxer. It goes by the request
/// alone, so that no page, error or redirect can forget it.
/// </summary>
internal class LinkReferrers
{
    internal const string Policy = "no-referrer";

    /// <summary>Called after the headers that every answer has.</summary>
    internal virtual void Apply(HttpContext context)
    {
        if (context.Request.Query.ContainsKey(LinkAddress.Parameter))
            context.Response.Headers["Referrer-Policy"] = Policy;
    }
}
