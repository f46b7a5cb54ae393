using System.Text.RegularExpressions;

namespace Vouchsafe.Cli.Running;

/// <summary>Finds the set-up code in what a fresh application prints.</summary>
internal static partial class SetUpLine
{
    /// <returns>The code, or null where the line shows none.</returns>
    public static string? CodeIn(string line) => Code().Match(line) is { Success: true } found ? found.Groups["code"].Value : null;

    [GeneratedRegex(@"enter the set-up code (?<code>[A-Za-z0-9_-]+)\.", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 500)]
    private static partial Regex Code();
}
