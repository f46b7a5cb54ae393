using System.Net.Security;
using System.Security.Authentication;
using Vouchsafe.Edge.Probing;

namespace Vouchsafe.Edge.Transport;

/// <summary>One ClientHello and what must become of it.</summary>
/// <param name="What">What it offers, in words.</param>
/// <param name="Expected">The version that must be agreed on; 0: it must be refused.</param>
internal sealed record TlsOffer(string What, IReadOnlyList<ushort> Versions, IReadOnlyList<TlsCipherSuite> Suites, ushort Expected);

/// <summary>Everything that is offered to a server to see what it takes.</summary>
internal static class TlsOffers
{
    private static readonly (string Family, Func<string, bool> Has)[] Families =
    [
        ("RC4", name => name.Contains("_RC4_", StringComparison.Ordinal)),
        ("3DES or DES", name => name.Contains("DES_", StringComparison.Ordinal)),
        ("no encryption", name => name.Contains("_WITH_NULL_", StringComparison.Ordinal)),
        ("no authentication", name => name.Contains("_anon_", StringComparison.Ordinal)),
        ("CBC under ephemeral keys", name => name.Contains("_CBC_", StringComparison.Ordinal) && name.Contains("DHE_", StringComparison.Ordinal)),
        ("CBC without forward secrecy", name => name.Contains("_CBC_", StringComparison.Ordinal) && !name.Contains("DHE_", StringComparison.Ordinal)),
        ("no forward secrecy", name => name.StartsWith("TLS_RSA_WITH_", StringComparison.Ordinal)),
        ("finite-field Diffie-Hellman", name => name.StartsWith("TLS_DHE_", StringComparison.Ordinal)),
        ("truncated or CCM tags", name => name.Contains("_CCM", StringComparison.Ordinal)),
    ];

    private static readonly TlsCipherSuite[] All = [.. Enum.GetValues<TlsCipherSuite>().Distinct().Where(suite => (ushort)suite >> 8 != 0x13)];

    private static readonly TlsCipherSuite[] OneThree = [.. Enum.GetValues<TlsCipherSuite>().Distinct().Where(suite => (ushort)suite >> 8 == 0x13)];

    public static IEnumerable<TlsOffer> For(TransportOptions promised, ushort preferred)
    {
        var twelve = promised.Versions.HasFlag(SslProtocols.Tls12);
        var thirteen = promised.Versions.HasFlag(SslProtocols.Tls13);
        foreach (var (version, name) in new[] { (ClientHello.Ssl30, "SSL 3.0"), (ClientHello.Tls10, "TLS 1.0"), (ClientHello.Tls11, "TLS 1.1") })
            yield return new($"{name} with every suite", [version], All, 0);

        yield return new("TLS 1.2 with every suite", [ClientHello.Tls12], All, twelve ? ClientHello.Tls12 : (ushort)0);
        yield return new("TLS 1.3", [ClientHello.Tls13], OneThree, thirteen ? ClientHello.Tls13 : (ushort)0);
        yield return new("TLS 1.2 and 1.3", [ClientHello.Tls12, ClientHello.Tls13], [.. OneThree, .. All], preferred);

        var weak = All.Except(promised.Suites).ToArray();
        foreach (var (family, has) in Families)
            yield return new($"TLS 1.2 with suites of {family} alone", [ClientHello.Tls12], [.. weak.Where(suite => has(suite.ToString()))], 0);
        yield return new("TLS 1.2 with every suite but those promised", [ClientHello.Tls12], weak, 0);
        if (OneThree.Except(promised.Suites).ToArray() is { Length: > 0 } others)
            yield return new("TLS 1.3 with suites that aren't promised", [ClientHello.Tls13], others, 0);
    }

    public static string Name(ushort version) => version switch
    {
        ClientHello.Ssl30 => "SSL 3.0",
        ClientHello.Tls10 => "TLS 1.0",
        ClientHello.Tls11 => "TLS 1.1",
        ClientHello.Tls12 => "TLS 1.2",
        ClientHello.Tls13 => "TLS 1.3",
        _ => $"version {version:x4}",
    };
}
