using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Controls;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Cli.Postures;

namespace Vouchsafe.Cli.Verifying;

/// <summary>One run over the claims of an instance.</summary>
/// <remarks>What can be seen from outside is looked at now, whatever the instance says of it. Only for the rest its own evidence counts, once it is verified.</remarks>
internal sealed class Verification(VerifyOptions options, TextWriter progress, TimeProvider time)
{
    private readonly Dictionary<string, ControlReport> controls = new(StringComparer.Ordinal);

    /// <exception cref="VerifyException">Nothing can be said about the instance at all.</exception>
    public async Task<IReadOnlyList<ClaimReport>> RunAsync(CancellationToken cancellationToken)
    {
        using var instance = new Instance(options.Target);
        await progress.WriteLineAsync($"· reading what {options.Target.Https} states");
        var statement = await Statement.ReadAsync(instance, options.Key, time, cancellationToken);
        var posture = PostureFinder.Load(options.Posture ?? statement.Posture
            ?? throw new VerifyException($"{statement.Fault} Name the posture to verify against with --posture."));
        if (statement.Fault is { } fault) await progress.WriteLineAsync($"· {fault}");
        else if (statement.PostureHash != posture.Hash)
            await progress.WriteLineAsync($"· the instance states another version of the posture {posture.Name} than the one at hand; this one is verified");

        var reports = new List<ClaimReport>();
        foreach (var claim in Asked(posture))
        {
            var found = new List<ControlReport>();
            foreach (var control in claim.Controls)
                found.Add(controls.TryGetValue(control, out var known) ? known : controls[control] = await LookAsync(control, posture, instance, statement, cancellationToken));
            reports.Add(ClaimReport.Of(claim.Id, found, statement.LastRedAt(claim.Id)));
        }
        return reports;
    }

    private IEnumerable<ClaimDefinition> Asked(Posture posture)
    {
        if (options.Claims.Count == 0) return posture.Claims.Where(claim => claim.Withdrawn is null);
        return options.Claims.Select(id => posture.Claim(id) is { Withdrawn: null } claim ? claim : throw new VerifyException($"The posture {posture.Name} makes no claim {id}."));
    }

    private async Task<ControlReport> LookAsync(string control, Posture posture, Instance instance, Statement statement, CancellationToken cancellationToken)
    {
        if (ControlCatalogue.Find(control) is { Stage: Stage.Planned })
            return new(control, Verdict.Unknown, null, null, $"{control} is planned.");
        if (!OutsideChecks.All.TryGetValue(control, out var check))
            return await statement.ControlAsync(control, instance, cancellationToken);

        await progress.WriteLineAsync($"· {control}");
        var began = time.GetUtcNow();
        var finding = await RunAsync(check, posture, cancellationToken);
        return new(control, finding.Holds ? Verdict.Verified : Verdict.Failed, began, began + posture.Figures("assurance.schedule").Duration("valid-for"), finding.Message);
    }

    /// <summary>A check that breaks is a claim that fails.</summary>
    private async Task<Finding> RunAsync(ICheck check, Posture posture, CancellationToken cancellationToken)
    {
        try
        {
            return await check.RunAsync(new(options.Target, posture.Figures(check.Control), posture, time), cancellationToken);
        }
        catch (Exception broken) when (!cancellationToken.IsCancellationRequested)
        {
            return Finding.Broken($"The check of {check.Control} couldn't be carried out: {broken.GetType().Name}: {broken.Message}");
        }
    }
}
