using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Edge;
using Vouchsafe.Edge.Headers;
using Vouchsafe.Edge.Transport;

namespace Vouchsafe.Acceptance.Sabotage.Edge;

internal abstract class HeaderSabotage(string control, string name, string expected) : EdgeSabotage<HeaderPolicy>(control, name, expected)
{
    protected override HeaderPolicy Get(EdgeControls controls) => controls.Headers;

    protected override void Set(EdgeControls controls, HeaderPolicy part) => controls.Headers = part;

    protected override string? Difference(HeaderPolicy sound, HeaderPolicy broken)
    {
        var before = Headers(sound);
        var after = Headers(broken);
        return before == after ? null : $"\"{after}\" instead of \"{before}\"";
    }

    private static string Headers(HeaderPolicy policy)
    {
        var headers = new HeaderDictionary();
        policy.Apply(headers, secure: true, "/trust");
        return string.Join(", ", headers.Select(header => $"{header.Key}: {header.Value}"));
    }
}

internal sealed class DropSubdomains() : HeaderSabotage("transport.hsts", "drop includeSubDomains", "lacks includeSubDomains")
{
    protected override HeaderPolicy Broken(HeaderPolicy sound, IServiceProvider node) =>
        new(node.GetRequiredService<HeaderOptions>(), node.GetRequiredService<HstsOptions>() with { IncludeSubdomains = false });
}

internal sealed class ShortenHsts() : HeaderSabotage("transport.hsts", "let browsers forget after a day", "less than")
{
    protected override HeaderPolicy Broken(HeaderPolicy sound, IServiceProvider node) =>
        new(node.GetRequiredService<HeaderOptions>(), node.GetRequiredService<HstsOptions>() with { MaxAge = TimeSpan.FromHours(23) });
}

internal sealed class OneRouteWithoutHeaders() : HeaderSabotage("web.headers", "serve one route without headers", "has no Content-Security-Policy")
{
    protected override HeaderPolicy Broken(HeaderPolicy sound, IServiceProvider node) =>
        new Forgetful(node.GetRequiredService<HeaderOptions>(), node.GetRequiredService<HstsOptions>());

    private sealed class Forgetful(HeaderOptions headers, HstsOptions hsts) : HeaderPolicy(headers, hsts)
    {
        internal override void Apply(IHeaderDictionary response, bool secure, string? path)
        {
            if (path != "/trust") base.Apply(response, secure, path);
        }
    }
}

internal sealed class MalformedWithoutHeaders() : HeaderSabotage("web.headers", "leave malformed requests to the server", "has no Content-Security-Policy")
{
    protected override HeaderPolicy Broken(HeaderPolicy sound, IServiceProvider node) =>
        new Forgetful(node.GetRequiredService<HeaderOptions>(), node.GetRequiredService<HstsOptions>());

    protected override string? Difference(HeaderPolicy sound, HeaderPolicy broken)
    {
        var headers = new HeaderDictionary();
        broken.Apply(headers, secure: true, path: null);
        return headers.Count == 0 ? "a request without a path is answered without headers" : null;
    }

    private sealed class Forgetful(HeaderOptions headers, HstsOptions hsts) : HeaderPolicy(headers, hsts)
    {
        internal override void Apply(IHeaderDictionary response, bool secure, string? path)
        {
            if (path is not null) base.Apply(response, secure, path);
        }
    }
}

internal sealed class InlineScripts() : HeaderSabotage("web.headers", "allow inline scripts", "unsafe-inline")
{
    protected override HeaderPolicy Broken(HeaderPolicy sound, IServiceProvider node)
    {
        var headers = node.GetRequiredService<HeaderOptions>();
        return new(headers with { ContentSecurityPolicy = headers.ContentSecurityPolicy + "; script-src 'self' 'unsafe-inline'" }, node.GetRequiredService<HstsOptions>());
    }
}

internal sealed class PageOverHttp() : EdgeSabotage<RedirectPolicy>("transport.redirect", "serve a page over HTTP", "instead of")
{
    protected override RedirectPolicy Get(EdgeControls controls) => controls.Redirect;

    protected override void Set(EdgeControls controls, RedirectPolicy part) => controls.Redirect = part;

    protected override RedirectPolicy Broken(RedirectPolicy sound, IServiceProvider node) => new Lenient(sound.Status);

    protected override string? Difference(RedirectPolicy sound, RedirectPolicy broken)
    {
        var request = new DefaultHttpContext { Request = { Scheme = "http", Path = "/trust" } };
        return sound.Applies(request) && !broken.Applies(request) ? "GET /trust is served over HTTP" : null;
    }

    private sealed class Lenient(int status) : RedirectPolicy(status)
    {
        internal override bool Applies(HttpContext context) => base.Applies(context) && context.Request.Path != "/trust";
    }
}
