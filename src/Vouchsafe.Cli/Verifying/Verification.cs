using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Controls;
using Vouchsafe.Claims.Evidence;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Cli.Postures;

namespace Vouchsafe.Cli.Verifying;

/// <summary>One run over the claims of an instance, or of a statement that one made.</summary>
/// <remarks>What can be seen from outside is looked at now, whatever the instance says of it. Only for the rest its own evidence counts, once it is verified.</remarks>
internal sealed class Verification(VerifyOptions options, TextWriter progress, TimeProvider time)
{
    private readonly Dictionary<string, ControlReport> controls = new(StringComparer.Ordinal);

    /// <exception cref="VerifyException">Nothing can be said at all.</exception>
    public async Task<VerifyReport> RunAsync(CancellationToken cancellationToken)
    {
        var statement = await ReadAsync(cancellationToken);
        var posture = options.Posture is { } given
            ? PostureFinder.Load(given)
            : PostureFinder.LoadNamed(statement.Posture ?? throw new VerifyException($"{statement.Fault} Name the posture to verify against with --posture."));
        MustSayHowLongResultsCount(posture);
        if (statement.Fault is { } fault) await progress.WriteLineAsync($"· {fault}");
        else if (statement.PostureHash != posture.Hash)
            await progress.WriteLineAsync($"· the instance runs another version of the posture {posture.Name} than the one at hand; it is held to the one at hand");
        if (options.Key is null && statement.Key is { } key)
            await progress.WriteLineAsync($"! key not pinned: the statement was verified by the key that came with it, which proves nothing of who made it. Pin it: --key {key}");

        else if (options.Key is { } pinned && statement.Fault is null && statement.Key is { } present && present != pinned)
            await progress.WriteLineAsync($"· the key that was given was handed over; the present one: --key {present}");

        var reports = new List<ClaimReport>();
        foreach (var claim in Asked(posture))
        {
            var found = new List<ControlReport>();
            foreach (var control in claim.Controls)
                found.Add(controls.TryGetValue(control, out var known) ? known : controls[control] = await LookAsync(control, posture, statement, cancellationToken));
            reports.Add(ClaimReport.Of(claim, found, statement.LastRedAt(claim.Id)));
        }
        return new VerifyReport(reports, options.Key is not null && statement.Key is not null, statement.Key, posture.Name, posture.Hash, statement.PostureHash, statement.Fault)
        {
            Witnesses = options.Witnesses?.Judge(statement, time.GetUtcNow()),
            IsBelieved = statement.Fault is null || (statement.IsMissing && options.Key is null),
        };
    }

    private static void MustSayHowLongResultsCount(Posture posture)
    {
        try
        {
            _ = posture.Figures("assurance.schedule").Duration("valid-for");
        }
        catch (KeyNotFoundException)
        {
            throw new VerifyException($"The posture {posture.Name} says nothing of assurance.schedule, so how long a result counts is unknown.");
        }
    }

    private async Task<Statement> ReadAsync(CancellationToken cancellationToken)
    {
        if (options.File is { } file) return Statement.Read(await StatementFile.ReadAsync(file, cancellationToken), null, options.Key, time);
        await progress.WriteLineAsync($"· reading what {options.Target!.Https} states");
        using var instance = new Instance(options.Target, options.Patience);
        byte[]? utf8 = null;
        string? missing = null;
        try
        {
            utf8 = await instance.ReadAsync(Statement.Path, cancellationToken);
        }
        catch (VerifyException unreadable)
        {
            missing = unreadable.Message;
        }
        return Statement.Read(utf8, missing, options.Key, time);
    }

    private IEnumerable<ClaimDefinition> Asked(Posture posture)
    {
        if (options.Claims.Count == 0) return posture.Claims.Where(claim => claim.Withdrawn is null);
        return options.Claims.Select(id => posture.Claim(id) is { Withdrawn: null } claim ? claim : throw new VerifyException($"The posture {posture.Name} makes no claim {id}."));
    }

    private async Task<ControlReport> LookAsync(string control, Posture posture, Statement statement, CancellationToken cancellationToken)
    {
        if (ControlCatalogue.Find(control) is { Stage: Stage.Planned })
            return new(control, Verdict.Unknown, null, null, $"{control} is planned.", IsPlanned: true);
        // A file says what was seen, also of what an outsider could see: nobody is asked.
        if (options.Target is null || !OutsideChecks.All.TryGetValue(control, out var check))
            return statement.ControlAsOf(control, posture);

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
            return await check.RunAsync(new(options.Target!, posture.Figures(check.Control), posture, time), cancellationToken);
        }
        catch (Exception broken) when (!cancellationToken.IsCancellationRequested)
        {
            return Finding.Broken($"The check of {check.Control} couldn't be carried out: {broken.GetType().Name}: {broken.Message}");
        }
    }
}

/// <summary>What <c>vouchsafe verify</c> found out.</summary>
/// <param name="KeyPinned">Whether the statement was signed by a key that the caller named.</param>
/// <param name="Key">The key that signed the statement; null where none counts.</param>
/// <param name="StatedHash">The hash of the posture that the instance says it runs with.</param>
/// <param name="Fault">Why the statement counts for nothing; null where it does.</param>
internal sealed record VerifyReport(IReadOnlyList<ClaimReport> Claims, bool KeyPinned, string? Key, string Posture, string PostureHash, string? StatedHash, string? Fault)
{
    /// <summary>Who cosigned what the statement rests on; null where nobody asked.</summary>
    public WitnessReport? Witnesses { get; init; }

    /// <summary>
    /// Whether the instance is who it says it is, as far as somebody asked. False where its statement can't be believed, or where a key was named and nothing was
    /// signed by it: what an outsider sees of somebody else's instance says nothing of the one that was meant.
    /// </summary>
    public bool IsBelieved { get; init; } = true;

    /// <param name="allowPlanned">Whether a claim may wait for what is planned. Something must be verified all the same.</param>
    public bool Holds(bool allowPlanned) =>
        IsBelieved && Witnesses is not { Holds: false } && Claims.Any(claim => claim.Verdict == Verdict.Verified)
        && Claims.All(claim => claim.Verdict == Verdict.Verified || (allowPlanned && claim.IsPlanned));
}
