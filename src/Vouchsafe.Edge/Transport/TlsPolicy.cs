using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Vouchsafe.Edge.Transport;

/// <summary>Answers each TLS client. Asked anew for every connection, so that a renewed certificate needs no restart.</summary>
internal class TlsPolicy(TransportOptions options, ServerCertificate certificate)
{
    private CipherSuitesPolicy? restriction;

    /// <summary>The newest version that both sides know is agreed on (RFC 8446, section 4.2.1); OpenSSL sees to that.</summary>
    internal virtual SslProtocols Versions(SslClientHelloInfo hello) => options.Versions;

    internal virtual IReadOnlyList<TlsCipherSuite> Suites => options.Suites;

    internal SslServerAuthenticationOptions Answer(SslClientHelloInfo hello) => new()
    {
        EnabledSslProtocols = Versions(hello),
        CipherSuitesPolicy = restriction ??= Restrict(Suites),
        ServerCertificateContext = certificate.Current(),
        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        ClientCertificateRequired = false,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        AllowRenegotiation = false,
    };

    private static CipherSuitesPolicy Restrict(IEnumerable<TlsCipherSuite> suites)
    {
        if (OperatingSystem.IsWindows() || OperatingSystem.IsAndroid())
            throw new PlatformNotSupportedException("Cipher suites can't be chosen by the process on this system; serve from Linux or macOS.");
        return new CipherSuitesPolicy(suites);
    }
}
