using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Assurance.Results;
using Vouchsafe.Assurance.Running;
using Vouchsafe.Assurance.Sightings;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.RollUp;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Evidence;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Checkpoints;

namespace Vouchsafe.Assurance.Publishing;

/// <summary>The signed statement, the history of reds, and evidence to download: docs/formats/evidence.md.</summary>
internal static class TrustEndpoints
{
    private const int MostReds = 500;
    private const string Why = "what is promised, and what was seen of it, is for everybody";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var open = endpoints.MapGroup("").WithTags("Trust").OpenToAnybody(Why);
        open.MapGet("/trust.json", StatementAsync).WithName("trust-statement").WithSummary("All claims with their verdicts, signed").Produces<JsonObject>();
        open.MapGet("/trust/history.json", HistoryAsync).WithName("trust-history").WithSummary("When a control was seen broken, and when it was mended").Produces<JsonObject>();
        open.MapGet("/trust/evidence/{id:guid}", EvidenceAsync).WithName("trust-evidence").WithSummary("What a check saw, with the proof that it is in the operator's log")
            .Produces<JsonObject>().ProducesProblem(StatusCodes.Status404NotFound);
        endpoints.MapPost("/api/assurance/run/{control}", RunAsync).WithTags("Trust").WithName("assurance-run").WithSummary("Runs the check of a control now")
            .RequirePermission("assurance.run").Produces<Ran>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<JsonHttpResult<JsonObject>> StatementAsync(
        HttpContext context, Posture posture, ClaimBoard board, ResultLog results, ResultProofs proofs, TrailReader trail, RollUpReader rollUp, IDatabase database,
        StatementSigner signer, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var session = database.Tenant(SystemLog.Scope(Actor.System("assurance")));
        var log = await trail.VerifierAsync(session, cancellationToken);
        var known = await results.ReadAsync(sequence: false, cancellationToken);
        var shown = await proofs.OfAsync(known, cancellationToken);
        var statement = TrustStatement.Build(
            posture, board.States(known, now), now, log?.ToString(), board.History(known), shown, await RollUpAsync(shown, rollUp, trail, session, cancellationToken));
        context.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Json(await signer.SignAsync(statement, cancellationToken));
    }

    private static async Task<JsonObject?> RollUpAsync(JsonObject? results, RollUpReader rollUp, TrailReader trail, TenantSession session, CancellationToken cancellationToken)
    {
        if (results is null || await rollUp.OperatorHeadAsync(cancellationToken) is not { } head) return null;
        var (shown, rolled) = (Checkpoint.Parse(SignedNote.Parse((string)results["checkpoint"]!).Text).Head.Size, head.Checkpoint.Head.Size);
        return await trail.ConsistencyAsync(session, Math.Min(shown, rolled), Math.Max(shown, rolled), cancellationToken) is { } proof
            ? StatementRollUp.Build(head.Checkpoint, head.RollUp, proof) : null;
    }

    private static async Task<JsonHttpResult<JsonObject>> HistoryAsync(
        HttpContext context, ResultLog results, Posture posture, StatementSigner signer, TimeProvider time, CancellationToken cancellationToken)
    {
        var known = await results.ReadAsync(sequence: false, cancellationToken);
        context.Response.Headers.CacheControl = "no-cache";
        var history = new JsonObject
        {
            ["format"] = "vouchsafe.dev/trust-history/v1",
            ["posture"] = posture.Name,
            ["generatedAt"] = TrustStatement.Time(time.GetUtcNow()),
            ["reds"] = new JsonArray([.. known.Failures.Take(MostReds).Select(failure => (JsonNode)new JsonObject
            {
                ["control"] = failure.Control,
                ["message"] = failure.Message,
                ["beganAt"] = TrustStatement.Time(failure.BeganAt),
                ["lastAt"] = TrustStatement.Time(failure.LastAt),
                ["mendedAt"] = failure.EndedAt is { } ended ? TrustStatement.Time(ended) : null,
                ["evidence"] = TrustStatement.EvidencePath(failure.Evidence),
            })]),
            ["drills"] = new JsonArray([.. known.Drills.Values.OrderByDescending(drill => drill.Entry.Index).Select(drill => (JsonNode)new JsonObject
            {
                ["control"] = drill.Control,
                ["drilledAt"] = TrustStatement.Time(drill.BeganAt),
                ["seenRed"] = drill.SeenRed,
                ["message"] = drill.Message,
                ["evidence"] = TrustStatement.EvidencePath(drill.Entry.Id),
            })]),
        };
        return TypedResults.Json(await signer.SignAsync(history, cancellationToken));
    }

    /// <summary>Only what checks and drills saw and which posture was adopted: the operator's log holds more than evidence, and that isn't for everybody.</summary>
    private static async Task<Results<JsonHttpResult<JsonObject>, NotFound>> EvidenceAsync(
        Guid id, HttpContext context, TrailReader trail, CancellationToken cancellationToken)
    {
        if (await trail.EventOfAsync(SystemLog.Tenant, id, cancellationToken) is not (EvidenceDocument.CheckRan or EvidenceDocument.DrillRan or Adoption.Event)
            || await trail.ProveAsync(SystemLog.Tenant, id, cancellationToken) is not { } proof)
            return TypedResults.NotFound();
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"evidence-{id:N}.json\"";
        return TypedResults.Json(EvidenceDocument.Build(
            id, proof.Entry.Index, proof.Leaf, proof.Entry.Actor.Fields, proof.Entry.Fields.Fields, proof.Path, proof.Checkpoint, proof.Verifier));
    }

    private static async Task<Results<Ok<Ran>, NotFound>> RunAsync(string control, CheckRunner runner, CancellationToken cancellationToken)
    {
        if (!runner.Controls.Contains(control))
            return TypedResults.NotFound();
        var finding = await runner.RunAsync(control, cancellationToken);
        return TypedResults.Ok(new Ran(control, finding.Holds ? "verified" : "failed", finding.Message));
    }

    internal sealed record Ran(string Control, string Verdict, string Message);
}
