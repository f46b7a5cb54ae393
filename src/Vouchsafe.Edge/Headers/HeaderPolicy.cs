using Microsoft.AspNetCore.Http;
using Vouchsafe.Edge.Transport;

namespace Vouchsafe.Edge.Headers;

/// <summary>Puts the promised headers on a response, last of all, over whatever a handler set.</summary>
internal class HeaderPolicy(HeaderOptions headers, HstsOptions hsts)
{
    private readonly (string Name, string Value)[] all = [.. headers.All];
    private readonly string strictTransport = hsts.Value;

    /// <param name="response">The response's headers.</param>
    /// <param name="secure">Whether the connection is under TLS: without it HSTS must not be sent (RFC 6797, section 7.2).</param>
    /// <param name="path">The request's path; null where the request was too malformed to have one.</param>
    internal virtual void Apply(IHeaderDictionary response, bool secure, string? path)
    {
        foreach (var (name, value) in all)
            response[name] = value;
        if (secure)
            response.StrictTransportSecurity = strictTransport;
        response.Remove("Server");
        response.Remove("X-Powered-By");
    }
}
