using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Vouchsafe.Assurance.Nodes;
using Vouchsafe.Assurance.Results;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Evidence;
using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Assurance.Running;

/// <summary>Runs a check, and puts what it saw into the operator's log. A check that breaks or takes too long is a broken control.</summary>
public sealed partial class CheckRunner
{
    private readonly Dictionary<string, ICheck> checks;
    private readonly Posture posture;
    private readonly AssuranceOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<CheckRunner> log;
    private readonly NodeRegistry nodes;
    private readonly Turns turns;
    private readonly ResultRecorder recorder;

    internal CheckRunner(
        IEnumerable<ICheck> checks, Posture posture, AssuranceOptions options, TimeProvider time,
        NodeRegistry nodes, Turns turns, ResultRecorder recorder, ILogger<CheckRunner> log)
    {
        this.checks = checks.ToDictionary(check => check.Control, StringComparer.Ordinal);
        (this.posture, this.options, this.time, this.log) = (posture, options, time, log);
        (this.nodes, this.turns, this.recorder) = (nodes, turns, recorder);
    }

    /// <summary>The controls that have a check, and on which a claim rests.</summary>
    public IEnumerable<string> Controls => posture.Controls.Where(checks.ContainsKey);

    /// <summary>Looks at one control now.</summary>
    /// <exception cref="KeyNotFoundException">The control has no check.</exception>
    public async Task<Finding> RunAsync(string control, CancellationToken cancellationToken)
    {
        await using var turn = await turns.TakeAsync(control, cancellationToken);
        var at = time.GetUtcNow();
        var began = time.GetTimestamp();
        var finding = await LookAsync(control, null, cancellationToken);
        var took = time.GetElapsedTime(began);
        await recorder.RecordAsync(
            known =>
            {
                // A check that doesn't turn red when it must proves nothing when it is green.
                if (finding.Holds && known.Drills.GetValueOrDefault(control) is { SeenRed: false } missed)
                    finding = Finding.Broken($"The check of {control} isn't believed, because it stayed green in a drill that broke it at {TrustStatement.Time(missed.BeganAt)}.", finding.Seen);
                var isChange = finding.Holds == known.IsFailing(control);
                var failedLast = finding.Holds && isChange ? known.Results.GetValueOrDefault(control)?.LastRedAt : null;
                return (new AuditEvent(
                    EvidenceDocument.CheckRan,
                    new AuditField("control", control),
                    new AuditField("posture", posture.Hash),
                    new AuditField("verdict", finding.Holds ? "verified" : "failed"),
                    new AuditField("message", finding.Message),
                    new AuditField("seen", finding.Seen.ToJsonString()),
                    new AuditField("checked-at", TrustStatement.Time(at)),
                    new AuditField("valid-until", TrustStatement.Time(at + options.ValidFor)),
                    new AuditField("took-ms", took.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)),
                    new AuditField("change", isChange ? "yes" : "no"),
                    new AuditField("failed-last-at", failedLast is { } last ? TrustStatement.Time(last) : "")), control);
            },
            cancellationToken);
        if (!finding.Holds)
            FoundBroken(control, finding.Message);
        return finding;
    }

    /// <summary>Looks without keeping what was seen. Whoever calls has the control's turn.</summary>
    /// <param name="impostor">A server to look at instead of the real nodes; null: those.</param>
    internal async Task<Finding> LookAsync(string control, CheckTarget? impostor, CancellationToken cancellationToken)
    {
        var check = checks[control];
        using var patience = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            var target = impostor ?? await nodes.TargetAsync(either.Token);
            return await check.RunAsync(new CheckContext(target, posture.Figures(check.Control), posture, time), either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Finding.Broken($"The check of {check.Control} took longer than {options.Timeout.TotalSeconds:0} s.");
        }
        catch (Exception broken) when (!cancellationToken.IsCancellationRequested)
        {
            CheckBroke(broken, check.Control);
            return Finding.Broken($"The check of {check.Control} itself broke: {broken.GetType().Name}.", new JsonObject { ["exception"] = broken.GetType().FullName });
        }
    }

    [LoggerMessage(2002, LogLevel.Error, "The check of {Control} found it broken: {Message}")]
    private partial void FoundBroken(string control, string message);

    [LoggerMessage(2003, LogLevel.Error, "The check of {Control} itself broke.")]
    private partial void CheckBroke(Exception problem, string control);
}
