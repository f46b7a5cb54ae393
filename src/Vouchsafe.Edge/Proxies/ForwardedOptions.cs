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
            if (!IPNetwork.TryParse(entry.Value ?? "", out var network))
                throw new InvalidOperationException($"{entry.Path} is not a network like 10.0.0.0/8 with its host bits zero.");
            if (network.PrefixLength == 0)
                throw new InvalidOperationException($"{entry.Path} would trust every peer.");
            proxies.Add(network);
        }
        return new(proxies);
    }

    public bool Trusts(IPAddress address)
    {
        foreach (var proxy in Proxies)
            if (proxy.Contains(address)) return true;
        return false;
    }
}
