using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Assurance.Drills;
using Vouchsafe.Assurance.Running;
using Vouchsafe.Assurance.Sightings;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Evidence;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

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
        HttpContext context, Posture posture, ClaimBoard board, TrailReader trail, IDatabase database, KeyRing keys, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var session = database.Tenant(SystemLog.Scope(Actor.System("assurance")));
        var log = await trail.VerifierAsync(session, cancellationToken);
        var statement = TrustStatement.Build(posture, await board.StatesAsync(now, cancellationToken), now, log?.ToString());
        context.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Json(SignedDocument.Sign(statement, new Ed25519SigningKey(keys.Derive("trust-statement").Bytes)));
    }

    private static async Task<JsonHttpResult<JsonObject>> HistoryAsync(
        HttpContext context, SightingStore sightings, DrillStore drilled, Posture posture, KeyRing keys, TimeProvider time, CancellationToken cancellationToken)
    {
        var reds = await sightings.RedsAsync(MostReds, cancellationToken);
        var drills = (await drilled.AllAsync(cancellationToken)).Values.Where(drill => drill.SeenRed is not null).OrderByDescending(drill => drill.BeganAt);
        context.Response.Headers.CacheControl = "no-cache";
        var history = new JsonObject
        {
            ["format"] = "vouchsafe.dev/trust-history/v1",
            ["posture"] = posture.Name,
            ["generatedAt"] = TrustStatement.Time(time.GetUtcNow()),
            ["reds"] = new JsonArray([.. reds.Select(red => (JsonNode)new JsonObject
            {
                ["control"] = red.Control,
                ["message"] = red.Message,
                ["beganAt"] = TrustStatement.Time(red.BeganAt),
                ["lastAt"] = TrustStatement.Time(red.LastAt),
                ["mendedAt"] = red.MendedAt is { } mended ? TrustStatement.Time(mended) : null,
                ["evidence"] = "/trust/evidence/" + red.Evidence.ToString("D"),
            })]),
            ["drills"] = new JsonArray([.. drills.Select(drill => (JsonNode)new JsonObject
            {
                ["control"] = drill.Control,
                ["drilledAt"] = TrustStatement.Time(drill.BeganAt),
                ["seenRed"] = drill.SeenRed,
                ["message"] = drill.Message,
                ["evidence"] = drill.Evidence is { } evidence ? "/trust/evidence/" + evidence.ToString("D") : null,
            })]),
        };
        return TypedResults.Json(SignedDocument.Sign(history, new Ed25519SigningKey(keys.Derive("trust-statement").Bytes)));
    }

    /// <summary>Only entries that a sighting or a red names: the operator's log holds more than evidence, and that isn't for everybody.</summary>
    private static async Task<Results<JsonHttpResult<JsonObject>, NotFound>> EvidenceAsync(
        Guid id, HttpContext context, SightingStore sightings, TrailReader trail, CancellationToken cancellationToken)
    {
        if (!await sightings.IsEvidenceAsync(id, cancellationToken) || await trail.ProveAsync(SystemLog.Tenant, id, cancellationToken) is not { } proof)
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
