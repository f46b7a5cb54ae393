using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vouchsafe.Assurance.Results;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Assurance.Postures;

/// <summary>
/// Puts into the operator's log that the application runs with another posture than before, and what that changes: a claim that was deleted
/// from the file stays visible. Once across all nodes; a node says it when it starts and never again, so two versions of a posture that run
/// side by side during a deployment don't take turns.
/// </summary>
internal sealed partial class PostureAdoption(ResultRecorder recorder, PostureStore postures, Posture posture, ILogger<PostureAdoption> log) : IHostedService
{
    private volatile bool done;

    /// <summary>Before anything is served. A database that is away stops no start-up: the first round says it then.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await EnsureAsync(cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            NotYet(failure);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Records the posture, unless the newest entry names it or this process said so before.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (done) return;
        await postures.KeepAsync(posture, cancellationToken);
        var after = (JsonObject)JsonNode.Parse(posture.Content)!;
        // What the posture before said is read outside the turn, and again where another node was faster.
        string? readHash = null;
        JsonObject? before = null;
        for (var missing = true; missing;)
        {
            missing = false;
            var known = await recorder.RecordAsync(
                results =>
                {
                    var last = results.Adoptions.Count > 0 ? results.Adoptions[0] : null;
                    if (last?.Hash == posture.Hash) return null;
                    if (last is not null && last.Hash != readHash)
                    {
                        missing = true;
                        return null;
                    }
                    return (Event(last, before, after), null);
                },
                cancellationToken);
            if (!missing) break;
            readHash = known.Adoptions[0].Hash;
            before = await postures.FindAsync(readHash, cancellationToken);
        }
        done = true;
    }

    private AuditEvent Event(Adoption? last, JsonObject? before, JsonObject after) => new(
        Adoption.Event,
        [
            new AuditField("posture", posture.Hash),
            new AuditField("name", posture.Name),
            new AuditField("posture-before", last?.Hash ?? ""),
            new AuditField("claims", PostureChange.Ids(posture.Claims.Select(claim => claim.Id))),
            .. PostureChange.Between(before, last?.Claims ?? [], after).Fields,
        ]);

    [LoggerMessage(2030, LogLevel.Warning, "The posture couldn't be put into the operator's log yet; the next round tries again.")]
    private partial void NotYet(Exception problem);
}
