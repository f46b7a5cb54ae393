using System.Globalization;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;

namespace Vouchsafe.Cli.Verifying;

/// <summary>What was found out about one claim.</summary>
/// <param name="CheckedAt">The oldest look that the verdict rests on; null where there was none.</param>
/// <param name="LastRedAt">When it was last found broken, as the instance tells it.</param>
internal sealed record ClaimReport(string Id, Verdict Verdict, DateTimeOffset? CheckedAt, DateTimeOffset? ValidUntil, DateTimeOffset? LastRedAt, string Message)
{
    /// <summary>A claim is what the worst of its controls is.</summary>
    public static ClaimReport Of(string id, IReadOnlyList<ControlReport> controls, DateTimeOffset? lastRedAt)
    {
        var worst = controls.Select(control => control.Verdict).DefaultIfEmpty(Verdict.Unknown).Max();
        return new(id, worst,
            controls.All(control => control.CheckedAt is not null) ? controls.Min(control => control.CheckedAt) : null,
            controls.All(control => control.ValidUntil is not null) ? controls.Min(control => control.ValidUntil) : null,
            lastRedAt,
            string.Join(" ", controls.Where(control => control.Verdict == worst).Select(control => control.Message).Distinct()));
    }

    public JsonObject ToJson() => new()
    {
        ["id"] = Id,
        ["verdict"] = Verdict.ToString().ToLowerInvariant(),
        ["checkedAt"] = Text(CheckedAt),
        ["validUntil"] = Text(ValidUntil),
        ["lastRedAt"] = Text(LastRedAt),
        ["message"] = Message,
    };

    private static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>What was found out about one control, from outside or from verified evidence.</summary>
internal sealed record ControlReport(string Control, Verdict Verdict, DateTimeOffset? CheckedAt, DateTimeOffset? ValidUntil, string Message);
