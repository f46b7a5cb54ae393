using System.Net.Security;
using System.Security.Authentication;
using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Edge.Transport;

/// <summary>Which TLS a client may speak: the figures of <c>transport.tls</c>.</summary>
/// <param name="Versions">TLS 1.2 (RFC 5246), TLS 1.3 (RFC 8446), or both.</param>
/// <param name="Suites">In the server's order of preference.</param>
internal sealed record TransportOptions(SslProtocols Versions, IReadOnlyList<TlsCipherSuite> Suites)
{
    internal const string Control = "transport.tls";

    public static TransportOptions From(Posture posture) => From(posture.Figures(Control));

    /// <exception cref="InvalidOperationException">A suite without forward secrecy or authenticated encryption, or a version with no suite.</exception>
    public static TransportOptions From(Figures figures) =>
        new TransportOptions(Parse(figures.Choices("versions")), [.. figures.Choices("suites").Select(Suite)]).Checked();

    internal TransportOptions Checked()
    {
        foreach (var suite in Suites)
            if (!IsNewest(suite) && !IsEphemeralAead(suite))
                throw new InvalidOperationException($"{Control}: {suite} has no forward secrecy or no authenticated encryption.");
        if (Versions.HasFlag(SslProtocols.Tls13) && !Suites.Any(IsNewest))
            throw new InvalidOperationException($"{Control}: TLS 1.3 is promised without a suite of its own.");
        if (Versions.HasFlag(SslProtocols.Tls12) && Suites.All(IsNewest))
            throw new InvalidOperationException($"{Control}: TLS 1.2 is promised without a suite of its own.");
        return this;
    }

    /// <summary>Suites of TLS 1.3 name neither key exchange nor signature (RFC 8446, appendix B.4).</summary>
    internal static bool IsNewest(TlsCipherSuite suite) => (ushort)suite >> 8 == 0x13;

    internal static bool IsEphemeralAead(TlsCipherSuite suite)
    {
        var name = suite.ToString();
        return name.StartsWith("TLS_ECDHE_", StringComparison.Ordinal) && !name.Contains("_PSK_", StringComparison.Ordinal)
            && (name.Contains("_GCM_", StringComparison.Ordinal) || name.Contains("CHACHA20_POLY1305", StringComparison.Ordinal));
    }

    private static SslProtocols Parse(IEnumerable<string> versions) => versions.Aggregate(SslProtocols.None, (all, version) => all | version switch
    {
        "1.2" => SslProtocols.Tls12,
        "1.3" => SslProtocols.Tls13,
        _ => throw new InvalidOperationException($"{Control}: {version} is not a version that may be promised."),
    });

    private static TlsCipherSuite Suite(string name) =>
        Enum.TryParse<TlsCipherSuite>(name, out var suite) && suite.ToString() == name
            ? suite
            : throw new InvalidOperationException($"{Control}: no suite is called {name}.");
}
