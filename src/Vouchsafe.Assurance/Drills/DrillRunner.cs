using Microsoft.Extensions.Logging;
using Vouchsafe.Assurance.Results;
using Vouchsafe.Assurance.Running;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Drills;
using Vouchsafe.Claims.Evidence;
using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Assurance.Drills;

/// <summary>Breaks a control where that harms nobody, expects its check to turn red, and mends it. A check that stays green is itself a fault.</summary>
internal sealed partial class DrillRunner(
    IEnumerable<IDrill> drills, CheckRunner runner, DrillStore store, ResultLog results, ResultRecorder recorder, Turns turns, Posture posture,
    AssuranceOptions options, TimeProvider time, ILogger<DrillRunner> log)
{
    private readonly Dictionary<string, IDrill> drills = drills.ToDictionary(drill => drill.Control, StringComparer.Ordinal);

    /// <summary>The controls that claims rest on and that can be drilled.</summary>
    public IEnumerable<string> Controls => posture.Controls.Where(drills.ContainsKey);

    /// <summary>Mends what a process that died left broken, and runs the drills that are due.</summary>
    public async Task RunDueAsync(CancellationToken cancellationToken)
    {
        var known = await results.ReadAsync(sequence: true, cancellationToken);
        var begun = await store.BegunAsync(cancellationToken);
        foreach (var control in Controls)
        {
            try
            {
                if (begun.Contains(control)) await MendAsync(control, cancellationToken);
                // A check that stayed green gets another chance with each round: until then it isn't believed.
                if (known.Drills.GetValueOrDefault(control) is not { SeenRed: true } drilled || drilled.BeganAt + options.DrillEvery <= known.Now)
                    await RunAsync(control, cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                // What can't be mended stays noted as begun, for the next round; it keeps no other control from its drill.
                CouldNotMend(failure, control);
            }
        }
    }

    /// <summary>Runs one drill now.</summary>
    /// <returns>Whether the check turned red; null where the control was broken already, so that nothing could be shown.</returns>
    /// <exception cref="KeyNotFoundException">The control has no drill.</exception>
    public async Task<bool?> RunAsync(string control, CancellationToken cancellationToken)
    {
        var drill = drills[control];
        await using var turn = await turns.TakeAsync(control, cancellationToken);
        if (!(await runner.LookAsync(control, null, cancellationToken)).Holds) return null;
        var at = time.GetUtcNow();
        await store.BeginAsync(control, at, cancellationToken);
        string? changed = null;
        var (red, message) = (false, "");
        try
        {
            changed = await drill.BreakAsync(cancellationToken);
            if (changed is null)
            {
                message = "The drill changed nothing, so it showed nothing.";
            }
            else
            {
                var finding = await runner.LookAsync(control, drill.Impostor, cancellationToken);
                (red, message) = (!finding.Holds && finding.Message.Contains(drill.Expected, StringComparison.OrdinalIgnoreCase), finding.Message);
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            message = $"The drill itself broke: {failure.GetType().Name}.";
        }
        finally
        {
            // Also on shutdown and failure: what was broken on purpose doesn't stay so.
            await drill.MendAsync(CancellationToken.None);
        }
        var mended = await runner.LookAsync(control, null, cancellationToken);
        if (!mended.Holds) StayedBroken(control, mended.Message);
        await RecordAsync(control, at, changed, red, message, cancellationToken);
        await store.EndAsync(control, cancellationToken);
        if (!red) StayedGreen(control, changed ?? message);
        return red;
    }

    private async Task MendAsync(string control, CancellationToken cancellationToken)
    {
        await using var turn = await turns.TakeAsync(control, cancellationToken);
        // Another node may have finished it while this one waited for its turn.
        if (!(await store.BegunAsync(cancellationToken)).Contains(control)) return;
        await drills[control].MendAsync(cancellationToken);
        await store.EndAsync(control, cancellationToken);
    }

    private Task RecordAsync(string control, DateTimeOffset at, string? changed, bool red, string message, CancellationToken cancellationToken) => recorder.RecordAsync(
        _ => (new AuditEvent(
            EvidenceDocument.DrillRan,
            new AuditField("control", control),
            new AuditField("began-at", TrustStatement.Time(at)),
            new AuditField("changed", changed ?? ""),
            new AuditField("seen-red", red ? "yes" : "no"),
            new AuditField("message", message)), control),
        cancellationToken);

    [LoggerMessage(2010, LogLevel.Error, "The check of {Control} stayed green in a drill although this was broken: {Changed}. Don't trust it until it turns red again.")]
    private partial void StayedGreen(string control, string changed);

    [LoggerMessage(2012, LogLevel.Error, "What a drill of {Control} broke couldn't be mended; the next round tries again.")]
    private partial void CouldNotMend(Exception failure, string control);

    [LoggerMessage(2011, LogLevel.Error, "After a drill {Control} is still broken: {Message}")]
    private partial void StayedBroken(string control, string message);
}
