using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;

namespace Vouchsafe.Edge.Transport;

/// <summary>Where the edge listens and under which names it answers. Places, never figures.</summary>
/// <param name="Address">Null: all addresses.</param>
/// <param name="HttpsPort">0: one that is free (tests).</param>
/// <param name="PublicOrigin">The origin that clients see.</param>
/// <param name="Hosts">Host names that requests may carry, lower case, without port.</param>
internal sealed record EdgeAddresses(IPAddress? Address, int HttpsPort, int HttpPort, Uri? PublicOrigin, IReadOnlySet<string> Hosts)
{
    private static readonly string[] Local = ["localhost", "127.0.0.1", "[::1]"];

    /// <exception cref="InvalidOperationException">A setting that can't be read, or one that would open a door beside the edge.</exception>
    public static EdgeAddresses From(IConfiguration configuration)
    {
        RefuseSideDoors(configuration);
        var edge = configuration.GetSection("Vouchsafe:Edge");
        var origin = Origin(edge["PublicOrigin"], "Vouchsafe:Edge:PublicOrigin");
        var node = Origin(configuration["Vouchsafe:Node:Address"], "Vouchsafe:Node:Address");
        var hosts = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        // A server that is reached by its loopback name is reached from its own machine.
        hosts.UnionWith(Local);
        if (origin is not null) hosts.Add(origin.IdnHost.Contains(':', StringComparison.Ordinal) ? origin.Host : origin.IdnHost);
        if (node is not null) hosts.Add(node.Host);
        hosts.UnionWith(edge.GetSection("AllowedHosts").GetChildren().Select(host => host.Value ?? ""));
        return new(
            edge["Address"] is { Length: > 0 } address
                ? IPAddress.TryParse(address, out var parsed) ? parsed : throw new InvalidOperationException("Vouchsafe:Edge:Address is not an IP address.")
                : null,
            Port(edge["HttpsPort"], 5443, "HttpsPort"),
            Port(edge["HttpPort"], 5080, "HttpPort"),
            origin,
            hosts);
    }

    private static int Port(string? text, int otherwise, string key)
    {
        if (string.IsNullOrEmpty(text)) return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort
            ? port
            : throw new InvalidOperationException($"Vouchsafe:Edge:{key} is not a port.");
    }

    private static Uri? Origin(string? text, string key)
    {
        if (string.IsNullOrEmpty(text)) return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var origin) && origin.Scheme == Uri.UriSchemeHttps && origin.PathAndQuery == "/" && origin.UserInfo.Length == 0
            ? origin
            : throw new InvalidOperationException($"{key} is not an https origin like https://app.example.eu.");
    }

    /// <summary>Settings of the framework that would listen, or trust a forwarded header, past the posture.</summary>
    private static void RefuseSideDoors(IConfiguration configuration)
    {
        if (configuration.GetSection("Kestrel:Endpoints").GetChildren().Any() || configuration.GetSection("Kestrel:EndpointDefaults").GetChildren().Any())
            throw new InvalidOperationException("Kestrel:Endpoints would listen beside the edge; use Vouchsafe:Edge:{Address,HttpsPort,HttpPort}.");
        if (IsTrue(configuration["preferHostingUrls"]))
            throw new InvalidOperationException("preferHostingUrls would listen beside the edge; use Vouchsafe:Edge:{Address,HttpsPort,HttpPort}.");
        if (IsTrue(configuration["ForwardedHeaders_Enabled"]))
            throw new InvalidOperationException("ForwardedHeaders_Enabled would trust any peer's forwarded headers; name the proxies in Vouchsafe:Edge:TrustedProxies.");
    }

    private static bool IsTrue(string? text) => string.Equals(text, "true", StringComparison.OrdinalIgnoreCase) || text == "1";
}
