using System.CommandLine;
using System.CommandLine.Parsing;

namespace Vouchsafe.Cli.Auditing;

/// <summary>What makes sense of the options about witnesses, the same for <c>verify</c> and <c>audit verify</c>.</summary>
internal static class WitnessRules
{
    /// <summary>Longer than any log is kept; far from where a date can't be computed.</summary>
    public static TimeSpan LongestAge { get; } = TimeSpan.FromDays(36_525);

    /// <summary>Refuses what makes no sense. An option whose value couldn't be read was refused already.</summary>
    public static void Check(CommandResult result, Option<string[]> witness, Option<string?> rollUp, Option<TimeSpan?> maxAge)
    {
        var asked = result.GetResult(witness) is { Implicit: false };
        if (asked && result.GetResult(rollUp) is null)
            result.AddError("--witness needs --roll-up: a witness cosigns the logs of many people, so you must say which one is the instance's (GET /audit/roll-up/vkey).");
        if (!asked && result.GetResult(rollUp) is not null) result.AddError("--roll-up goes with --witness.");
        if (!asked && result.GetResult(maxAge) is not null) result.AddError("--max-age goes with --witness.");
        if (result.Read(maxAge) is { } age && (age <= TimeSpan.Zero || age > LongestAge))
            result.AddError("--max-age is longer than nothing and at most 36,525 days.");
    }
}
