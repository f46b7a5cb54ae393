using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Audit.Export;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.ActionLog;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Hosting.AuditTrail;

/// <summary>The trail over HTTP: entries for people, checkpoint, tiles and proofs for verifiers (C2SP tlog-tiles), and the whole as one export.</summary>
internal static class TrailEndpoints
{
    private const string Read = "audit.read";
    private const string Take = "audit.export";
    private const string Tiles = "/audit/log/tile/";
    private const int MostEntries = 500;

    private static readonly ProblemKind Busy = new("trail-busy", StatusCodes.Status503ServiceUnavailable, "The audit trail can't be exported completely right now. Try again shortly.");

    public static void MapTrail(this IEndpointRouteBuilder routes)
    {
        var endpoints = routes.MapGroup("").WithTags("Audit trail");
        endpoints.MapGet("/audit/entries", ListAsync).RequirePermission(Read).ReadsPersonalData("audit entries").WithName("audit.entries")
            .WithSummary("The tenant's trail, the newest entries first; parameters: before (an index), limit");
        endpoints.MapGet("/audit/export.json", ExportAsync).RequirePermission(Take).ReadsPersonalData("audit entries").WithName("audit.export")
            .WithSummary("The whole trail with what a verifier needs, as one stream; parameter: since (an index)")
            .StaysOpenWhenReadOnly("A tenant's own record stays within its reach.");
        endpoints.MapGet("/audit/log/checkpoint", CheckpointAsync).RequirePermission(Read).LimitTiles().SpelledOneWay("/audit/log/checkpoint").WithName("audit.checkpoint")
            .WithSummary("The signed head of the tenant's log (C2SP tlog-checkpoint)");
        endpoints.MapGet("/audit/log/vkey", VerifierAsync).RequirePermission(Read).LimitTiles().SpelledOneWay("/audit/log/vkey").WithName("audit.vkey")
            .WithSummary("The key that verifies the checkpoints of the tenant's log");
        endpoints.MapGet("/audit/log/handovers", HandoversAsync).RequirePermission(Read).LimitTiles().SpelledOneWay("/audit/log/handovers").WithName("audit.handovers")
            .WithSummary("The hand-overs that lead from the log's first key to the present one");
        endpoints.MapGet(Tiles + "{**path}", TileAsync).RequirePermission(Read).LimitTiles().WithName("audit.tile")
            .AllowPrivateCache("Tiles hold hashes, and leaves whose values are commitments.")
            .WithSummary("A tile of hashes of the tenant's log, or the leaves of its entries (C2SP tlog-tiles)");
        endpoints.MapGet("/audit/log/inclusion", InclusionAsync).RequirePermission(Read).WithName("audit.inclusion")
            .WithSummary("The proof that the entry at an index is in the log of a size (RFC 6962, section 2.1.1)");
        endpoints.MapGet("/audit/log/consistency", ConsistencyAsync).RequirePermission(Read).WithName("audit.consistency")
            .WithSummary("The proof that the log of one size is a beginning of that of another (RFC 6962, section 2.1.2)");
    }

    private static async Task<IResult> ListAsync(HttpContext context, IDatabase database, TrailReader reader, long? before, int? limit, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MostEntries || before is < 0)
            return Problem.Of(ProblemKind.BadRequest, $"limit is from 1 to {MostEntries}, before is an index.");
        await using var session = database.Tenant(Caller.Required(context).Scope);
        var entries = await reader.ListAsync(session, before, limit ?? 50, cancellationToken);
        return Results.Json(new EntryPage([.. entries.Select(EntryView.Of)], entries is [.., { Index: > 0 } last] ? last.Index : null));
    }

    private static async Task ExportAsync(HttpContext context, IDatabase database, TrailExport export, long? since, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(Caller.Required(context).Scope);
        var headers = context.Response.Headers;
        context.Response.ContentType = "application/json";
        headers.CacheControl = "no-store";
        headers.ContentDisposition = "attachment; filename=\"audit-export.json\"";
        try
        {
            if (await export.WriteAsync(session, context.Response.BodyWriter, since, cancellationToken) is null)
                await Problem.WriteAsync(context, ProblemKind.NotFound, "Nothing was recorded yet.");
        }
        catch (TrailBusyException) when (!context.Response.HasStarted)
        {
            // Better none than one that leaves out what was committed. Where it breaks off later, its end is missing, and a verifier says so.
            headers.Remove("Content-Disposition");
            headers.RetryAfter = "5";
            await Problem.WriteAsync(context, Busy);
        }
    }

    private static async Task<IResult> CheckpointAsync(HttpContext context, IDatabase database, TrailReader reader, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(Caller.Required(context).Scope);
        return await reader.CheckpointAsync(session, cancellationToken) is { } note ? Results.Text(note.ToString()) : Problem.Of(ProblemKind.NotFound);
    }

    private static async Task<IResult> VerifierAsync(HttpContext context, IDatabase database, TrailReader reader, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(Caller.Required(context).Scope);
        return await reader.VerifierAsync(session, cancellationToken) is { } verifier ? Results.Text(verifier + "\n") : Problem.Of(ProblemKind.NotFound);
    }

    private static async Task<IResult> HandoversAsync(HttpContext context, IDatabase database, TrailReader reader, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(Caller.Required(context).Scope);
        return Results.Json((await reader.HandoversAsync(session, cancellationToken)).Select(note => note.ToString()).ToArray());
    }

    private static async Task<IResult> TileAsync(HttpContext context, IDatabase database, TrailReader reader, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(Caller.Required(context).Scope);
        if (TileAnswers.AddressOf(context, Tiles, entries: true) is { } bundle)
            return await reader.EntryBundleAsync(session, bundle.Index, bundle.Width, cancellationToken) is { } leaves
                ? TileAnswers.Tile(context, bundle, leaves, shared: false)
                : TileAnswers.NotFound(context);
        return TileAnswers.AddressOf(context, Tiles, entries: false) is { } address
            && await reader.TileAsync(session, address.Level, address.Index, cancellationToken) is { } hashes && hashes.Length >= address.Width * 32
            ? TileAnswers.Tile(context, address, hashes[..(address.Width * 32)], shared: false)
            : TileAnswers.NotFound(context);
    }

    private static async Task<IResult> InclusionAsync(HttpContext context, IDatabase database, TrailReader reader, long index, long size, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(Caller.Required(context).Scope);
        return index >= 0 && await reader.InclusionAsync(session, index, size, cancellationToken) is { } proof
            ? Results.Json(new ProofView([.. proof.Select(hash => Convert.ToBase64String(hash.Bytes))]))
            : Problem.Of(ProblemKind.NotFound);
    }

    private static async Task<IResult> ConsistencyAsync(HttpContext context, IDatabase database, TrailReader reader, long from, long to, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(Caller.Required(context).Scope);
        return await reader.ConsistencyAsync(session, from, to, cancellationToken) is { } proof
            ? Results.Json(new ProofView([.. proof.Select(hash => Convert.ToBase64String(hash.Bytes))]))
            : Problem.Of(ProblemKind.NotFound);
    }

    private sealed record ProofView(IReadOnlyList<string> Hashes);

    private sealed record EntryPage(IReadOnlyList<EntryView> Entries, long? Before);

    private sealed record EntryView(long Index, Guid Id, string State, string? Time, string? Event, IReadOnlyDictionary<string, string> Actor, IReadOnlyDictionary<string, string> Fields)
    {
        public static EntryView Of(TrailEntry entry) => new(
            entry.Index, entry.Id, entry.State.ToString().ToLowerInvariant(),
            entry.At?.ToString("O", CultureInfo.InvariantCulture), entry.Event,
            entry.Actor.Fields.DistinctBy(field => field.Name).ToDictionary(field => field.Name, field => field.Value),
            entry.Fields.Fields.DistinctBy(field => field.Name).ToDictionary(field => field.Name, field => field.Value));
    }
}
