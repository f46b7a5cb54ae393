using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace Vouchsafe.Assurance.Seen;

/// <summary>
/// When the acceptance suite of this build broke each control and saw its check turn red: <c>Seen/suite.json</c>, which the suite writes and holds
/// to what it runs. Anybody repeats it with <c>./test</c>.
/// </summary>
internal sealed class SuiteRecord
{
    private readonly FrozenDictionary<string, DateTimeOffset> days;

    private SuiteRecord(FrozenDictionary<string, DateTimeOffset> days) => this.days = days;

    public static SuiteRecord Embedded { get; } = Read();

    /// <summary>The day on which the check was last seen red, or null.</summary>
    public DateTimeOffset? Of(string control) => days.TryGetValue(control, out var day) ? day : null;

    private static SuiteRecord Read()
    {
        using var stream = typeof(SuiteRecord).Assembly.GetManifestResourceStream("suite.json")!;
        using var document = JsonDocument.Parse(stream);
        return new SuiteRecord(document.RootElement.EnumerateObject().ToFrozenDictionary(
            control => control.Name,
            control => DateTimeOffset.ParseExact(control.Value.GetProperty("day").GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            StringComparer.Ordinal));
    }
}
