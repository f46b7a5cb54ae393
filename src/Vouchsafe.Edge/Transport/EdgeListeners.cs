using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;
using Vouchsafe.Edge.Bounds;

namespace Vouchsafe.Edge.Transport;

/// <summary>Kestrel's two listeners: HTTPS under the posture's TLS, and HTTP, which only redirects.</summary>
internal sealed class EdgeListeners(EdgeAddresses addresses, EdgeControls controls, ServerCertificate certificate) : IConfigureOptions<KestrelServerOptions>
{
    private static readonly TimeSpan HandshakePatience = TimeSpan.FromSeconds(10);

    public void Configure(KestrelServerOptions options)
    {
        // A certificate that can't be served stops the start-up, not the first visitor.
        certificate.Current();
        options.AddServerHeader = false;
        options.AllowSynchronousIO = false;
        RequestBounds.Apply(options.Limits);
        Listen(options, addresses.HttpsPort, https =>
        {
            https.Protocols = HttpProtocols.Http1AndHttp2;
            https.UseHttps(new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = HandshakePatience,
                OnConnection = connection => ValueTask.FromResult(controls.Tls.Answer(connection.ClientHelloInfo)),
            });
        });
        Listen(options, addresses.HttpPort, http => http.Protocols = HttpProtocols.Http1);
    }

    private void Listen(KestrelServerOptions options, int port, Action<ListenOptions> configure)
    {
        if (addresses.Address is { } address)
            options.Listen(address, port, configure);
        else
            options.ListenAnyIP(port, configure);
    }
}
