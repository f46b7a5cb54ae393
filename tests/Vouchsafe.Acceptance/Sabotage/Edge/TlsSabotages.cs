using System.Net.Security;
using System.Security.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Edge;
using Vouchsafe.Edge.Transport;

namespace Vouchsafe.Acceptance.Sabotage.Edge;

internal abstract class TlsSabotage(string name, string expected) : EdgeSabotage<TlsPolicy>("transport.tls", name, expected)
{
    protected override TlsPolicy Get(EdgeControls controls) => controls.Tls;

    protected override void Set(EdgeControls controls, TlsPolicy part) => controls.Tls = part;
}

internal sealed class AllowCbc() : TlsSabotage("allow a CBC suite", "CBC")
{
    protected override TlsPolicy Broken(TlsPolicy sound, IServiceProvider node) =>
        new Weak(node.GetRequiredService<TransportOptions>(), node.GetRequiredService<ServerCertificate>());

    protected override string? Difference(TlsPolicy sound, TlsPolicy broken) =>
        broken.Suites.Except(sound.Suites).FirstOrDefault() is var extra and not 0 ? $"{extra} is allowed" : null;

    private sealed class Weak(TransportOptions options, ServerCertificate certificate) : TlsPolicy(options, certificate)
    {
        // Suites of TLS 1.2 mean something only where 1.2 is spoken.
        internal override SslProtocols Versions(SslClientHelloInfo hello) => base.Versions(hello) | SslProtocols.Tls12;

        internal override IReadOnlyList<TlsCipherSuite> Suites { get; } =
            [.. options.Suites, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256];
    }
}

internal sealed class AllowShortTags() : TlsSabotage("allow a suite of TLS 1.3 that isn't promised", "suites that aren't promised")
{
    protected override TlsPolicy Broken(TlsPolicy sound, IServiceProvider node) =>
        new Weak(node.GetRequiredService<TransportOptions>(), node.GetRequiredService<ServerCertificate>());

    protected override string? Difference(TlsPolicy sound, TlsPolicy broken) =>
        broken.Suites.Except(sound.Suites).FirstOrDefault() is var extra and not 0 ? $"{extra} is allowed" : null;

    private sealed class Weak(TransportOptions options, ServerCertificate certificate) : TlsPolicy(options, certificate)
    {
        internal override IReadOnlyList<TlsCipherSuite> Suites { get; } = [.. options.Suites, TlsCipherSuite.TLS_AES_128_CCM_SHA256];
    }
}

internal sealed class PreferTheOlder() : TlsSabotage("prefer TLS 1.2", "instead of TLS 1.3")
{
    protected override TlsPolicy Broken(TlsPolicy sound, IServiceProvider node) =>
        new Backwards(node.GetRequiredService<TransportOptions>(), node.GetRequiredService<ServerCertificate>());

    protected override string? Difference(TlsPolicy sound, TlsPolicy broken) =>
        broken.Versions(new SslClientHelloInfo("localhost", SslProtocols.Tls12 | SslProtocols.Tls13)) == SslProtocols.Tls12 ? "a client that offers TLS 1.2 gets it, whatever else it offers" : null;

    private sealed class Backwards(TransportOptions options, ServerCertificate certificate) : TlsPolicy(options, certificate)
    {
        internal override SslProtocols Versions(SslClientHelloInfo hello) =>
            hello.SslProtocols.HasFlag(SslProtocols.Tls12) ? SslProtocols.Tls12 : SslProtocols.Tls13;

        internal override IReadOnlyList<TlsCipherSuite> Suites { get; } =
            [.. options.Suites, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384];
    }
}
