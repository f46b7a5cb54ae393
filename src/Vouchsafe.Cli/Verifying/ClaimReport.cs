using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Evidence;
using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Cli.Verifying;

/// <summary>What was found out about one claim.</summary>
/// <param name="CheckedAt">The oldest look that the verdict rests on; null where there was none.</param>
/// <param name="LastRedAt">When it was last found broken, as the instance tells it.</param>
/// <param name="IsPlanned">Whether only planned controls keep it from being verified.</param>
internal sealed record ClaimReport(
    string Id, Verdict Verdict, DateTimeOffset? CheckedAt, DateTimeOffset? ValidUntil, DateTimeOffset? LastRedAt, string Message, bool IsPlanned)
{
    /// <summary>A claim is what the worst of its controls is; one that people attest is never verified.</summary>
    public static ClaimReport Of(ClaimDefinition claim, IReadOnlyList<ControlReport> controls, DateTimeOffset? lastRedAt)
    {
        var worst = controls.Select(control => control.Verdict).DefaultIfEmpty(Verdict.Unknown).Max();
        var message = string.Join(" ", controls.Where(control => control.Verdict == worst).Select(control => control.Message).Distinct());
        var attested = claim.Kind == ClaimKind.Attested && worst == Verdict.Verified;
        return new(claim.Id, attested ? Verdict.Unknown : worst,
            controls.All(control => control.CheckedAt is not null) ? controls.Min(control => control.CheckedAt) : null,
            controls.All(control => control.ValidUntil is not null) ? controls.Min(control => control.ValidUntil) : null,
            lastRedAt,
            attested ? "Attested: " + message : message,
            controls.Any(control => control.IsPlanned) && controls.All(control => control.IsPlanned || control.Verdict == Verdict.Verified));
    }

    public JsonObject ToJson() => new()
    {
        ["id"] = Id,
        ["verdict"] = TrustStatement.Word(Verdict),
        ["checkedAt"] = Text(CheckedAt),
        ["validUntil"] = Text(ValidUntil),
        ["lastRedAt"] = Text(LastRedAt),
        ["message"] = Message,
    };

    private static string? Text(DateTimeOffset? time) => time is { } moment ? TrustStatement.Time(moment) : null;
}

/// <summary>What was found out about one control, from outside or from verified evidence.</summary>
internal sealed record ControlReport(string Control, Verdict Verdict, DateTimeOffset? CheckedAt, DateTimeOffset? ValidUntil, string Message, bool IsPlanned = false);
