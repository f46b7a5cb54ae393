using Microsoft.AspNetCore.Http;
using Vouchsafe.Hosting.Problems;

namespace Vouchsafe.Edge.Answering;

/// <summary>What the edge refuses by itself.</summary>
internal static class EdgeProblems
{
    public static readonly ProblemKind TooManyRequests = new("too-many-requests", StatusCodes.Status429TooManyRequests, "Too many requests. Try again after the time in Retry-After.");
    public static readonly ProblemKind LimitsUnavailable = new("limits-unavailable", StatusCodes.Status503ServiceUnavailable, "Requests can't be counted at the moment.");
    public static readonly ProblemKind KeysUnavailable = new("keys-unavailable", StatusCodes.Status503ServiceUnavailable, "The service is unavailable. Try again shortly.");
    public static readonly ProblemKind Interrupted = new("interrupted", StatusCodes.Status503ServiceUnavailable, "The request took too long, or the service is restarting.");
    public static readonly ProblemKind SetupClosed = new("setup-closed", StatusCodes.Status410Gone, "This installation has been set up.");
    public static readonly ProblemKind UnknownHost = new("unknown-host", StatusCodes.Status400BadRequest, "This server doesn't serve the requested host.");
    public static readonly ProblemKind BadForwarding = new("bad-forwarding", StatusCodes.Status400BadRequest, "A proxy's forwarded header can't be read.");
    public static readonly ProblemKind TooLarge = new("too-large", StatusCodes.Status413PayloadTooLarge, "The request is too large.");
    public static readonly ProblemKind Timeout = new("too-slow", StatusCodes.Status408RequestTimeout, "The request took too long to arrive.");
    public static readonly ProblemKind WrongMethod = new("wrong-method", StatusCodes.Status405MethodNotAllowed, "This method isn't allowed here.");
    public static readonly ProblemKind WrongMediaType = new("wrong-media-type", StatusCodes.Status415UnsupportedMediaType, "This content type isn't supported here.");
    public static readonly ProblemKind Unavailable = new("unavailable", StatusCodes.Status503ServiceUnavailable, "The service is unavailable. Try again shortly.");
    public static readonly ProblemKind Internal = new("internal", StatusCodes.Status500InternalServerError, "Something went wrong on our side.");

    /// <summary>The kind for a status that was set without a body.</summary>
    public static ProblemKind Of(int status) => status switch
    {
        400 => ProblemKind.BadRequest,
        401 => ProblemKind.Unauthenticated,
        403 => ProblemKind.Forbidden,
        404 => ProblemKind.NotFound,
        405 => WrongMethod,
        408 => Timeout,
        409 => ProblemKind.Conflict,
        413 => TooLarge,
        415 => WrongMediaType,
        429 => TooManyRequests,
        500 => Internal,
        _ => new ProblemKind("status-" + status.ToString(System.Globalization.CultureInfo.InvariantCulture), status,
            status < 500 ? "The request can't be served." : "The request can't be served at the moment."),
    };
}
