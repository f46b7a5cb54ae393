using Microsoft.AspNetCore.Http;
using Vouchsafe.Edge;
using Vouchsafe.Edge.Headers;

namespace Vouchsafe.Acceptance.Sabotage.Edge;

/// <summary>
/// Pages that a mailed link opens send the posture's own referrer policy: a page that they lead to on this site is
/// told the token.
/// </summary>
internal sealed class ToldReferrers() : EdgeSabotage<LinkReferrers>("web.headers", "tell other pages the address of a link", "has Referrer-Policy: strict-origin-when-cross-origin")
{
    protected override LinkReferrers Get(EdgeControls controls) => controls.Referrers;

    protected override void Set(EdgeControls controls, LinkReferrers part) => controls.Referrers = part;

    protected override LinkReferrers Broken(LinkReferrers sound, IServiceProvider node) => new Silent();

    protected override string? Difference(LinkReferrers sound, LinkReferrers broken)
    {
        var context = new DefaultHttpContext { Request = { QueryString = new QueryString("?token=x") } };
        broken.Apply(context);
        return context.Response.Headers.Count == 0 ? "an address with a token is answered like any other" : null;
    }

    private sealed class Silent : LinkReferrers
    {
        internal override void Apply(HttpContext context)
        {
        }
    }
}
