using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Vouchsafe.Claims.Checks;

namespace Vouchsafe.Edge.Drills;

/// <summary>
/// A server on loopback ports of its own, with TLS and without, that keeps none of the edge's promises: no header, no policy, the same answer to everything. It has
/// nothing to serve, and nobody is told of it but the check that must see through it.
/// </summary>
internal sealed class ImpostorNode : IAsyncDisposable
{
    private readonly WebApplication server;

    private ImpostorNode(WebApplication server) => this.server = server;

    public CheckTarget Target => new(Address("https"), Address("http"), [Address("https")], AcceptAnyCertificate: true);

    /// <param name="versions">The versions of TLS that it speaks.</param>
    /// <param name="posted">The status with which it answers a POST; anything else gets 200.</param>
    public static async Task<ImpostorNode> StartAsync(SslProtocols versions, int posted, TimeProvider time, CancellationToken cancellationToken)
    {
        // Nothing of the application's configuration, its logs or its services: this server shares a process with it and no more.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(Certificate(time), https => https.SslProtocols = versions));
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var server = builder.Build();
        server.Run(context =>
        {
            context.Response.StatusCode = HttpMethods.IsPost(context.Request.Method) ? posted : StatusCodes.Status200OK;
            return Task.CompletedTask;
        });
        await server.StartAsync(cancellationToken);
        return new ImpostorNode(server);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private Uri Address(string scheme) => new(server.Urls.Single(url => url.StartsWith(scheme + ":", StringComparison.Ordinal)).Replace("127.0.0.1", "localhost", StringComparison.Ordinal));

    private static X509Certificate2 Certificate(TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = time.GetUtcNow();
        return new CertificateRequest("CN=localhost, O=Vouchsafe drill", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
