using System.Security.Authentication;
using Vouchsafe.Claims.Drills;
using Vouchsafe.Edge.Headers;
using Vouchsafe.Edge.Transport;

namespace Vouchsafe.Edge.Drills;

/// <summary>The check is sent to a server that breaks the promise, instead of to the nodes that keep it.</summary>
internal abstract class ImpostorDrill(string control, string expected, SslProtocols versions, string changed, TimeProvider time) : IDrill
{
    private ImpostorNode? node;

    public string Control => control;

    public string Expected => expected;

    public Uri? Impostor => node?.Address;

    public async Task<string?> BreakAsync(CancellationToken cancellationToken)
    {
        await MendAsync(cancellationToken);
        node = await ImpostorNode.StartAsync(versions, time, cancellationToken);
        return changed;
    }

    public async Task MendAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref node, null) is { } there) await there.DisposeAsync();
    }
}

/// <summary>A server that speaks one version of TLS alone, with whatever suites the machine has: not the preferred version, or not the suites.</summary>
internal sealed class TlsDrill(TransportOptions promised, TimeProvider time) : ImpostorDrill(
    TransportOptions.Control, "An offer of", promised.Versions.HasFlag(SslProtocols.Tls13) ? SslProtocols.Tls12 : SslProtocols.Tls13,
    "a server spoke another version of TLS alone", time);

internal sealed class HstsDrill(TimeProvider time) : ImpostorDrill(
    HstsOptions.Control, "has no such header", SslProtocols.None, "a server left Strict-Transport-Security out", time);

internal sealed class HeadersDrill(TimeProvider time) : ImpostorDrill(
    HeaderOptions.Control, "has no Content-Security-Policy", SslProtocols.None, "a server left the security headers out", time);
