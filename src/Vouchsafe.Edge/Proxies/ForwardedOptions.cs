using System.Net;
using Microsoft.Extensions.Configuration;

namespace Vouchsafe.Edge.Proxies;

/// <summary>The proxies whose forwarded headers count.</summary>
internal sealed record ForwardedOptions(IReadOnlyList<IPNetwork> Proxies)
{
    /// <exception cref="InvalidOperationException">An entry of <c>Vouchsafe:Edge:TrustedProxies</c> is not a CIDR.</exception>
    public static ForwardedOptions From(IConfiguration configuration)
    {
        var proxies = new List<IPNetwork>();
        foreach (var entry in configuration.GetSection("Vouchsafe:Edge:TrustedProxies").GetChildren())
        {
            if (!IPNetwork.TryParse(entry.Value ?? "", out var network) || network.ToString() != Canonical(entry.Value!))
                throw new InvalidOperationException($"{entry.Path} is not a network like 10.0.0.0/8 with its host bits zero.");
            if (network.PrefixLength == 0)
                throw new InvalidOperationException($"{entry.Path} would trust every peer.");
            proxies.Add(network);
        }
        return new(proxies);
    }

    /// <summary>The same text with its address as written, host bits and all: equal to the network's only where they are zero.</summary>
    private static string Canonical(string network)
    {
        var slash = network.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && IPAddress.TryParse(network.AsSpan(0, slash), out var address) ? $"{address}{network[slash..]}" : "";
    }

    public bool Trusts(IPAddress address)
    {
        foreach (var proxy in Proxies)
            if (proxy.Contains(address)) return true;
        return false;
    }
}
