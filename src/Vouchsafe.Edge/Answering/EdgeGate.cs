using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Vouchsafe.Edge.Headers;
using Vouchsafe.Edge.Proxies;
using Vouchsafe.Edge.Transport;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Postgres.Errors;

namespace Vouchsafe.Edge.Answering;

/// <summary>
/// The first and the last to touch a request: finds out who sent it and for which host, redirects what came without TLS,
/// turns whatever goes wrong into an answer, and puts the headers on every one.
/// </summary>
internal sealed partial class EdgeGate(
    RequestDelegate next, EdgeControls controls, EdgeAddresses addresses, ForwardedOptions proxies, IServer server, ILogger<EdgeGate> log)
{
    private int redirectPort;

    public async Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(ApplyHeaders, (controls, context));
        try
        {
            if (await AdmitAsync(context)) await next(context);
            if (!context.Response.HasStarted && context.Response is { StatusCode: >= 400, ContentLength: null, ContentType: null })
                await Problem.WriteAsync(context, EdgeProblems.Of(context.Response.StatusCode));
            await StartAsync(context);
        }
        catch (Exception failure)
        {
            await AnswerAsync(context, failure);
        }
    }

    /// <returns>False where the request has its answer.</returns>
    private async ValueTask<bool> AdmitAsync(HttpContext context)
    {
        var request = context.Request;
        var peer = context.Connection.RemoteIpAddress;
        // Not over IP: only the tests' in-memory server does that.
        if (peer is null) throw new InvalidOperationException("The connection has no address.");
        var known = ForwardedFor.TryResolve(peer, Joined(request.Headers["X-Forwarded-For"]), proxies, out var client);
        context.Features.Set<IEdgeRequest>(new EdgeRequest(client));
        if (!known || !TryScheme(request, ForwardedFor.Normalise(peer)))
        {
            await Problem.WriteAsync(context, EdgeProblems.BadForwarding);
            return false;
        }
        context.Connection.RemoteIpAddress = client;
        if (!addresses.Hosts.Contains(request.Host.Host))
        {
            await Problem.WriteAsync(context, EdgeProblems.UnknownHost);
            return false;
        }
        if (controls.Redirect.Applies(context))
        {
            controls.Redirect.Write(context, RedirectPort(request.Host.Host));
            return false;
        }
        return true;
    }

    /// <summary>Takes over the scheme that a declared proxy met its client with.</summary>
    private bool TryScheme(HttpRequest request, System.Net.IPAddress peer)
    {
        if (Joined(request.Headers["X-Forwarded-Proto"]) is not { } forwarded || !proxies.Trusts(peer)) return true;
        var last = forwarded[(forwarded.LastIndexOf(',') + 1)..].Trim();
        if (last is not ("http" or "https")) return false;
        request.Scheme = last;
        return true;
    }

    private static string? Joined(Microsoft.Extensions.Primitives.StringValues values) => values.Count switch
    {
        0 => null,
        1 => values[0],
        _ => string.Join(',', values.ToArray()),
    };

    private int RedirectPort(string host)
    {
        if (addresses.PublicOrigin is { } origin && string.Equals(origin.Host, host, StringComparison.OrdinalIgnoreCase)) return origin.Port;
        if (redirectPort == 0)
            redirectPort = server.Features.Get<IServerAddressesFeature>()?.Addresses
                .Select(BindingPort).FirstOrDefault(port => port != 0) is { } bound and not 0 ? bound : addresses.HttpsPort;
        return redirectPort;
    }

    /// <summary>The port of a binding like <c>https://[::]:5443</c>, or 0 where it isn't HTTPS.</summary>
    private static int BindingPort(string address) =>
        address.StartsWith("https://", StringComparison.Ordinal) && int.TryParse(address[(address.LastIndexOf(':') + 1)..].TrimEnd('/'), out var port) ? port : 0;

    private async Task AnswerAsync(HttpContext context, Exception failure)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked is gone.
            context.Abort();
            return;
        }
        var kind = failure switch
        {
            BadHttpRequestException bad => EdgeProblems.Of(bad.StatusCode),
            DatabaseRefusedException { Refusal: Refusal.ActorDenied } => ProblemKind.Forbidden,
            _ => Outage.ProblemOf(failure) ?? EdgeProblems.Internal,
        };
        if (kind == EdgeProblems.Internal) Failed(failure);
        else if (kind.Status == StatusCodes.Status503ServiceUnavailable) Unavailable(kind.Name, failure.GetType().Name);
        // An answer that has begun can't be taken back; ending the connection tells that it isn't whole.
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }
        try
        {
            context.Response.Clear();
            if (kind.Status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = Outage.RetryAfter;
            await Problem.WriteAsync(context, kind);
            await StartAsync(context);
        }
        catch (Exception)
        {
            // Kestrel would answer by itself, without the headers: better no answer than one without them.
            context.Abort();
        }
    }

    /// <summary>Starts an answer that is empty or still buffered here rather than after the pipeline, where a callback that fails would leave it to Kestrel.</summary>
    private static Task StartAsync(HttpContext context)
    {
        var response = context.Response;
        if (response.HasStarted) return Task.CompletedTask;
        if (response.ContentLength is null && !HttpMethods.IsHead(context.Request.Method) && response.StatusCode is not (< 200 or 204 or 205 or 304))
            response.ContentLength = response.BodyWriter.UnflushedBytes;
        return response.StartAsync(context.RequestAborted);
    }

    private static Task ApplyHeaders(object state)
    {
        var (controls, context) = ((EdgeControls, HttpContext))state;
        controls.Caching.Apply(context);
        controls.Headers.Apply(context.Response.Headers, context.Request.IsHttps || context.Features.Get<ITlsHandshakeFeature>() is not null, context.Request.Path);
        controls.Referrers.Apply(context);
        return Task.CompletedTask;
    }

    [LoggerMessage(4021, LogLevel.Warning, "A request could not be served: {Problem} ({Error})")]
    private partial void Unavailable(string problem, string error);

    [LoggerMessage(4020, LogLevel.Error, "A request failed")]
    private partial void Failed(Exception problem);
}
