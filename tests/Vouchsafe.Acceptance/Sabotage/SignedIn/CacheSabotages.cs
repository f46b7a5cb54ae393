using Microsoft.AspNetCore.Http;
using Vouchsafe.Acceptance.Sabotage.Edge;
using Vouchsafe.Edge;
using Vouchsafe.Edge.Headers;
using Vouchsafe.Hosting.Access;

namespace Vouchsafe.Acceptance.Sabotage.SignedIn;

internal abstract class CacheSabotage(string name) : EdgeSabotage<CachePolicy>("web.headers", name, "may be kept by a cache")
{
    protected override CachePolicy Get(EdgeControls controls) => controls.Caching;

    protected override void Set(EdgeControls controls, CachePolicy part) => controls.Caching = part;

    protected override string? Difference(CachePolicy sound, CachePolicy broken) => broken.GetType() == sound.GetType() ? null : $"{broken.GetType().Name} instead of {sound.GetType().Name}";
}

internal sealed class BrowsersKeepPersonalData() : CacheSabotage("let browsers keep personal data")
{
    protected override CachePolicy Broken(CachePolicy sound, IServiceProvider node) => new Keeping();

    private sealed class Keeping : CachePolicy
    {
        internal override void Apply(HttpContext context)
        {
            base.Apply(context);
            if (Caller.Of(context) is not null) context.Response.Headers.CacheControl = "private, max-age=600";
        }
    }
}

internal sealed class NothingSaidOfCaches() : CacheSabotage("say nothing of caches to whoever is signed in")
{
    protected override CachePolicy Broken(CachePolicy sound, IServiceProvider node) => new Silent();

    private sealed class Silent : CachePolicy
    {
        internal override void Apply(HttpContext context)
        {
            if (Caller.Of(context) is not null) context.Response.Headers.Remove("Cache-Control");
        }
    }
}
