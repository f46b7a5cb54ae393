using System.Net;
using Microsoft.AspNetCore.Http;
using Vouchsafe.Edge.Headers;

namespace Vouchsafe.Edge.Proxies;

/// <summary>The client's address, as the edge established it.</summary>
public static class ClientAddress
{
    /// <summary>Never an IPv4-mapped IPv6 address. The same address stands in <c>Connection.RemoteIpAddress</c>.</summary>
    /// <exception cref="InvalidOperationException">The request didn't come through the edge.</exception>
    public static IPAddress Of(HttpContext context) =>
        (context.Features.Get<IEdgeRequest>() as EdgeRequest)?.Client ?? throw new InvalidOperationException("The request didn't come through UseEdge.");
}

/// <param name="Client">Whoever sent the request, behind declared proxies.</param>
internal sealed record EdgeRequest(IPAddress Client) : IEdgeRequest;
