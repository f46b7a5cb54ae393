using System.Diagnostics;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Vouchsafe.Edge.Headers;

/// <summary>
/// Headers for the answers that Kestrel writes by itself when a request is too malformed to reach any middleware.
/// </summary>
/// <remarks>
/// Kestrel announces such a request through its diagnostic source after it has set the status and before it writes the
/// answer, and hands over its features. Starting the response here, with the headers, is what a handler would do; Kestrel
/// then finds it started and closes the connection. See docs/decisions/0040-headers-on-every-response.md.
/// </remarks>
internal sealed class BadRequestHeaders(EdgeControls controls) : IObserver<KeyValuePair<string, object?>>
{
    internal const string Event = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    public static IDisposable Watch(DiagnosticListener server, EdgeControls controls) =>
        server.Subscribe(new BadRequestHeaders(controls), name => name == Event);

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key != Event || value.Value is not IFeatureCollection features) return;
        // A request that got as far as the middleware is answered there.
        if (features.Get<IEdgeRequest>() is not null) return;
        if (features.Get<IHttpResponseFeature>() is not { HasStarted: false } response || features.Get<IHttpResponseBodyFeature>() is not { } body) return;
        controls.Headers.Apply(response.Headers, features.Get<ITlsHandshakeFeature>() is not null, null);
        response.Headers.ContentLength = 0;
        if (features.Get<IHttpRequestFeature>()?.Protocol is not "HTTP/2")
            response.Headers.Connection = "close";
        // Nothing is awaited: the headers go into the connection's buffer, which Kestrel flushes as it closes.
        _ = body.StartAsync(CancellationToken.None);
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }
}

/// <summary>Marks a request that the edge's middleware took over.</summary>
internal interface IEdgeRequest;
