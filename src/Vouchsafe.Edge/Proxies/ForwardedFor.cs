using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Vouchsafe.Edge.Proxies;

/// <summary>Finds the client behind declared proxies from X-Forwarded-For.</summary>
/// <remarks>
/// Each proxy appends the peer that it saw, so that only what declared proxies appended, at the right, is known to be true.
/// Walking from the right, the first address that is no declared proxy is the client; what stands left of it is hearsay and isn't even parsed.
/// </remarks>
internal static class ForwardedFor
{
    internal const int LongestHeader = 4096;
    internal const int MostHops = 32;

    /// <param name="peer">The other end of the connection.</param>
    /// <param name="header">All of the request's X-Forwarded-For fields, joined by commas in their order; null where there is none.</param>
    /// <param name="client">Normalised: never an IPv4-mapped IPv6 address, never with a zone.</param>
    /// <returns>False where a declared proxy sent something that is no list of addresses.</returns>
    public static bool TryResolve(IPAddress peer, string? header, ForwardedOptions options, out IPAddress client)
    {
        client = Normalise(peer);
        if (string.IsNullOrEmpty(header) || !options.Trusts(client)) return true;
        if (header.Length > LongestHeader) return false;
        var rest = header.AsSpan();
        for (var hop = 0; options.Trusts(client); hop++)
        {
            if (hop == MostHops) return false;
            var comma = rest.LastIndexOf(',');
            if (!TryParse(rest[(comma + 1)..].Trim(" \t"), out var earlier)) return false;
            client = earlier;
            if (comma < 0) return true;
            rest = rest[..comma];
        }
        return true;
    }

    /// <summary>An address, an IPv4 address with a port, or a bracketed IPv6 address with or without one. Nothing else: no name, no octal, no short form.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.Length is 0 or > 58) return false;
        var host = text;
        if (text[0] == '[')
        {
            var end = text.IndexOf(']');
            if (end < 0) return false;
            host = text[1..end];
            var after = text[(end + 1)..];
            if (after.Length > 0 && (after[0] != ':' || !IsPort(after[1..]))) return false;
            if (!host.Contains(':')) return false;
        }
        else if (text.Count(':') == 1)
        {
            var colon = text.IndexOf(':');
            if (!IsPort(text[(colon + 1)..])) return false;
            host = text[..colon];
        }
        if (host.ContainsAnyExcept("0123456789abcdefABCDEF:.")) return false;
        if (!IPAddress.TryParse(host, out var parsed)) return false;
        // The framework also reads 1.2.3, 0x7f.1 and 010.0.0.1; a list of addresses holds none of them.
        if (parsed.AddressFamily == AddressFamily.InterNetwork && !host.SequenceEqual(parsed.ToString())) return false;
        address = Normalise(parsed);
        return true;
    }

    internal static IPAddress Normalise(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0 ? new IPAddress(address.GetAddressBytes()) : address;
    }

    private static bool IsPort(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= 5 && ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port != 0;
}
