using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Audit.RollUp;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Problems;

namespace Vouchsafe.Hosting.AuditTrail;

/// <summary>The roll-up log for everybody: its checkpoint with cosignatures, its key, its hashes. Its leaves are salted commitments and say nothing.</summary>
internal static class RollUpEndpoints
{
    private const string Why = "witnesses and monitors watch that it only grows; it tells nothing of any tenant";

    public static void MapRollUp(this IEndpointRouteBuilder endpoints)
    {
        var open = endpoints.MapGroup("/audit/roll-up").WithTags("Audit trail").OpenToAnybody(Why);
        open.MapGet("/checkpoint", CheckpointAsync).WithName("audit.roll-up.checkpoint").WithSummary("The roll-up log's checkpoint, with its witnesses' cosignatures")
            .Produces<string>(contentType: "text/plain").ProducesProblem(StatusCodes.Status404NotFound);
        open.MapGet("/vkey", KeyAsync).WithName("audit.roll-up.vkey").WithSummary("The roll-up log's key")
            .Produces<string>(contentType: "text/plain").ProducesProblem(StatusCodes.Status404NotFound);
        open.MapGet("/tile/{level:int}/{**path}", TileAsync).WithName("audit.roll-up.tile").WithSummary("Hashes of the roll-up log (C2SP tlog-tiles)")
            .Produces<byte[]>(contentType: "application/octet-stream").ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> CheckpointAsync(RollUpReader rollUp, CancellationToken cancellationToken) =>
        await rollUp.CheckpointAsync(cancellationToken) is { } note ? Results.Text(note.ToString()) : Problem.Of(ProblemKind.NotFound);

    private static async Task<IResult> KeyAsync(RollUpReader rollUp, CancellationToken cancellationToken) =>
        await rollUp.VerifierAsync(cancellationToken) is { } verifier ? Results.Text(verifier + "\n") : Problem.Of(ProblemKind.NotFound);

    private static async Task<IResult> TileAsync(RollUpReader rollUp, int level, string path, CancellationToken cancellationToken) =>
        TilePath.Parse(level, path) is not { } address ? Problem.Of(ProblemKind.BadRequest, "A tile's path is as C2SP tlog-tiles writes it.")
        : await rollUp.TileAsync(address.Level, address.Index, cancellationToken) is { } hashes && hashes.Length >= address.Width * 32
            ? Results.Bytes(hashes[..(address.Width * 32)], "application/octet-stream")
            : Problem.Of(ProblemKind.NotFound);
}
