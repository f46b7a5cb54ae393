using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Audit.RollUp;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Limits;

namespace Vouchsafe.Hosting.AuditTrail;

/// <summary>The roll-up log for everybody: its checkpoint with cosignatures, its key, its hashes. Its leaves are salted commitments and say nothing of any tenant.</summary>
internal static class RollUpEndpoints
{
    private const string Why = "witnesses and monitors watch that it only grows; it tells nothing of any tenant";

    private const string Prefix = "/audit/roll-up/";

    public static void MapRollUp(this IEndpointRouteBuilder endpoints)
    {
        var open = endpoints.MapGroup(Prefix.TrimEnd('/')).WithTags("Audit trail").OpenToAnybody(Why).LimitTiles();
        open.MapGet("/checkpoint", CheckpointAsync).WithName("audit.roll-up.checkpoint").WithSummary("The roll-up log's checkpoint, with its witnesses' cosignatures")
            .SpelledOneWay(Prefix + "checkpoint").Produces<string>(contentType: "text/plain").ProducesProblem(StatusCodes.Status404NotFound);
        open.MapGet("/vkey", KeyAsync).WithName("audit.roll-up.vkey").WithSummary("The roll-up log's key")
            .SpelledOneWay(Prefix + "vkey").Produces<string>(contentType: "text/plain").ProducesProblem(StatusCodes.Status404NotFound);
        open.MapGet("/handovers", HandoversAsync).WithName("audit.roll-up.handovers").WithSummary("The hand-overs that lead from the roll-up log's first key to the present one")
            .SpelledOneWay(Prefix + "handovers").Produces<string[]>();
        open.MapGet("/restarts", RestartsAsync).WithName("audit.roll-up.restarts").WithSummary("Where the roll-up log was begun anew, signed: where the one before ended and who contradicts it")
            .SpelledOneWay(Prefix + "restarts").Produces<string[]>();
        open.MapGet("/tile/{**path}", TileAsync).WithName("audit.roll-up.tile").WithSummary("Hashes of the roll-up log, or its leaves (C2SP tlog-tiles)")
            .Produces<byte[]>(contentType: "application/octet-stream").ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> CheckpointAsync(HttpContext context, RollUpReader rollUp, CancellationToken cancellationToken) =>
        Newest(context, (await rollUp.CheckpointAsync(cancellationToken))?.ToString());

    private static async Task<IResult> KeyAsync(HttpContext context, RollUpReader rollUp, CancellationToken cancellationToken) =>
        Newest(context, await rollUp.VerifierAsync(cancellationToken) is { } verifier ? verifier + "\n" : null);

    private static async Task<IResult> HandoversAsync(HttpContext context, RollUpReader rollUp, CancellationToken cancellationToken) =>
        Notes(context, await rollUp.HandoversAsync(cancellationToken));

    private static async Task<IResult> RestartsAsync(HttpContext context, RollUpRestart restarts, CancellationToken cancellationToken) =>
        Notes(context, await restarts.StatementsAsync(cancellationToken));

    private static IResult Notes(HttpContext context, IReadOnlyList<Transparency.Checkpoints.SignedNote> notes)
    {
        context.Response.Headers.CacheControl = "no-cache";
        return Results.Json(notes.Select(note => note.ToString()).ToArray());
    }

    private static IResult Newest(HttpContext context, string? text)
    {
        if (text is null)
            return TileAnswers.NotFound(context);
        context.Response.Headers.CacheControl = "no-cache";
        return Results.Text(text);
    }

    private static async Task<IResult> TileAsync(HttpContext context, RollUpReader rollUp, CancellationToken cancellationToken)
    {
        const string tiles = Prefix + "tile/";
        if (TileAnswers.AddressOf(context, tiles, entries: true) is { } bundle)
            return await rollUp.EntryBundleAsync(bundle.Index, bundle.Width, cancellationToken) is { } leaves
                ? TileAnswers.Tile(context, bundle, leaves, shared: true)
                : TileAnswers.NotFound(context);
        return TileAnswers.AddressOf(context, tiles, entries: false) is { } address
            && await rollUp.TileAsync(address.Level, address.Index, cancellationToken) is { } hashes && hashes.Length >= address.Width * 32
            ? TileAnswers.Tile(context, address, hashes[..(address.Width * 32)], shared: true)
            : TileAnswers.NotFound(context);
    }
}
