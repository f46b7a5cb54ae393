using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Edge.Transport;

/// <summary>Sends a request that came without TLS to the same path on HTTPS, before any handler sees it.</summary>
/// <param name="status">301 or 308 (RFC 9110, section 15.4), the figure of <c>transport.redirect</c>.</param>
internal class RedirectPolicy(int status)
{
    internal const string Control = "transport.redirect";

    public static RedirectPolicy From(Posture posture) => new((int)posture.Figures(Control).Integer("status"));

    internal int Status => status;

    internal virtual bool Applies(HttpContext context) => !context.Request.IsHttps;

    /// <param name="context">Its host was found among the allowed ones, so that nobody is sent elsewhere.</param>
    /// <param name="port">The HTTPS port that clients see.</param>
    internal void Write(HttpContext context, int port)
    {
        var host = new HostString(context.Request.Host.Host, port).Value;
        if (port == 443) host = context.Request.Host.Host;
        context.Response.StatusCode = Status;
        context.Response.Headers.Location = "https://" + host + Target(context);
        context.Response.ContentLength = 0;
    }

    /// <summary>The target as it came, byte by byte, where it came as a path.</summary>
    private static string Target(HttpContext context)
    {
        var raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        if (raw is ['/', ..]) return raw;
        var request = context.Request;
        var path = request.PathBase.ToUriComponent() + request.Path.ToUriComponent();
        return (path.Length == 0 ? "/" : path) + request.QueryString.ToUriComponent();
    }
}
