using System.Security.Authentication;
using Microsoft.AspNetCore.Http;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Drills;
using Vouchsafe.Edge.Headers;
using Vouchsafe.Edge.Limits;
using Vouchsafe.Edge.Transport;

namespace Vouchsafe.Edge.Drills;

/// <summary>The check is sent to a server that breaks the promise, instead of to the nodes that keep it.</summary>
internal abstract class ImpostorDrill(string control, string expected, string changed, TimeProvider time) : IDrill
{
    private ImpostorNode? node;

    public string Control => control;

    public string Expected => expected;

    public CheckTarget? Impostor => node?.Target;

    /// <summary>The versions of TLS that the impostor speaks; none named: what the machine has.</summary>
    protected virtual SslProtocols Versions => SslProtocols.None;

    /// <summary>How the impostor answers a POST. It gives up under a flood, so that whoever asks until refused comes to an end.</summary>
    protected virtual int Posted => StatusCodes.Status429TooManyRequests;

    public async Task<string?> BreakAsync(CancellationToken cancellationToken)
    {
        await MendAsync(cancellationToken);
        node = await ImpostorNode.StartAsync(Versions, Posted, time, cancellationToken);
        return changed;
    }

    public async Task MendAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref node, null) is { } there) await there.DisposeAsync();
    }
}

/// <summary>A server that speaks one version of TLS alone, with whatever suites the machine has: not the preferred version, or not the suites.</summary>
internal sealed class TlsDrill(TransportOptions promised, TimeProvider time) : ImpostorDrill(TransportOptions.Control, "An offer of", "a server spoke another version of TLS alone", time)
{
    protected override SslProtocols Versions => promised.Versions.HasFlag(SslProtocols.Tls13) ? SslProtocols.Tls12 : SslProtocols.Tls13;
}

internal sealed class HstsDrill(TimeProvider time) : ImpostorDrill(HstsOptions.Control, "has no such header", "a server left Strict-Transport-Security out", time);

internal sealed class RedirectDrill(TimeProvider time) : ImpostorDrill(RedirectPolicy.Control, "over HTTP was answered 200", "a server answered over plain HTTP", time);

internal sealed class HeadersDrill(TimeProvider time) : ImpostorDrill(HeaderOptions.Control, "has no Content-Security-Policy", "a server left the security headers out", time);

internal sealed class AnswerDrill(TimeProvider time) : ImpostorDrill(RefusalPolicy.Control, "was refused as nothing", "a server refused without a problem document", time);

internal sealed class ApiLimitDrill(TimeProvider time) : ImpostorDrill(ClientLimit.ApiControl, "instead of 429", "a server answered its API without end", time);

internal sealed class TileLimitDrill(TimeProvider time) : ImpostorDrill(ClientLimit.TilesControl, "instead of 429", "a server handed out tiles without end", time);

internal sealed class SignInLimitDrill(TimeProvider time) : ImpostorDrill(ClientLimit.SignInControl, "instead of 429", "a server let everybody try to sign in without end", time)
{
    protected override int Posted => StatusCodes.Status200OK;
}

internal sealed class SetupLimitDrill(TimeProvider time) : ImpostorDrill(ClientLimit.SetupControl, "instead of 429", "a server let everybody call its set-up without end", time)
{
    protected override int Posted => StatusCodes.Status200OK;
}
