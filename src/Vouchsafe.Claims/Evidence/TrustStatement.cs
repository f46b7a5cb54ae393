using System.Globalization;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Claims.Evidence;

/// <summary>The statement of all claims that an instance publishes at /trust.json: docs/formats/evidence.md.</summary>
public static class TrustStatement
{
    public const string Format = "vouchsafe.dev/trust-statement/v1";

    /// <summary>Builds the statement, unsigned.</summary>
    /// <param name="posture">Whose claims.</param>
    /// <param name="states">The claims in force.</param>
    /// <param name="generatedAt">The moment they were looked up at.</param>
    /// <param name="log">The key (a C2SP vkey) that verifies the operator's log; null while it has no entries.</param>
    /// <param name="history">What the operator's log says of claims that are no longer in force.</param>
    /// <param name="results">The newest results (<see cref="ResultChain"/>); null where there are none to show.</param>
    /// <param name="rollUp">What witnesses cosigned of the log (<see cref="StatementRollUp"/>); null where there is nothing to show.</param>
    public static JsonObject Build(
        Posture posture, IReadOnlyList<ClaimState> states, DateTimeOffset generatedAt, string? log, ClaimHistory history, JsonObject? results, JsonObject? rollUp = null) => new()
    {
        ["format"] = Format,
        ["posture"] = posture.Name,
        ["postureHash"] = posture.Hash,
        ["company"] = CompanyOf(posture.Company),
        ["generatedAt"] = Time(generatedAt),
        ["log"] = log,
        ["results"] = results,
        ["rollUp"] = rollUp,
        ["claims"] = new JsonArray([.. states.Select(state => (JsonNode)ClaimOf(posture, state))]),
        ["withdrawn"] = new JsonArray([.. posture.Claims.Where(claim => claim.Withdrawn is not null).Select(claim => (JsonNode)WithdrawnOf(posture, claim, history))]),
        ["deleted"] = new JsonArray([.. history.Deleted.Select(claim => (JsonNode)new JsonObject
        {
            ["id"] = claim.Id,
            ["text"] = claim.Text,
            ["deletedAt"] = Time(claim.Recorded.At),
            ["evidence"] = EvidencePath(claim.Recorded.Entry),
        })]),
    };

    /// <summary>Where an instance serves an entry of its log as evidence.</summary>
    public static string EvidencePath(Guid entry) => "/trust/evidence/" + entry.ToString("D");

    /// <summary>Milliseconds, UTC: 2026-01-31T12:00:00.000Z.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads what <see cref="Time(DateTimeOffset)"/> wrote; null where the text is anything else.</summary>
    public static DateTimeOffset? ParseTime(string? text) => DateTimeOffset.TryParseExact(
        text, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    /// <summary>The verdict's word in documents.</summary>
    public static string Word(Verdict verdict) => verdict.ToString().ToLowerInvariant();

    private static JsonObject WithdrawnOf(Posture posture, ClaimDefinition claim, ClaimHistory history) => new()
    {
        ["id"] = claim.Id,
        ["kind"] = claim.Kind.ToString().ToLowerInvariant(),
        ["area"] = claim.Area,
        ["text"] = Texts(posture, claim.Text),
        ["date"] = claim.Withdrawn!.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["reason"] = Texts(posture, claim.Withdrawn.Reason),
        ["recordedAt"] = history.Withdrawn.TryGetValue(claim.Id, out var recorded) ? Time(recorded.At) : null,
        ["evidence"] = recorded is null ? null : EvidencePath(recorded.Entry),
    };

    private static JsonObject ClaimOf(Posture posture, ClaimState state) => new()
    {
        ["id"] = state.Claim.Id,
        ["kind"] = state.Claim.Kind.ToString().ToLowerInvariant(),
        ["area"] = state.Claim.Area,
        ["text"] = Texts(posture, state.Claim.Text),
        ["since"] = state.Claim.Since?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["verdict"] = Word(state.Verdict),
        ["checkedAt"] = Time(state.CheckedAt),
        ["validUntil"] = Time(state.ValidUntil),
        ["lastRedAt"] = Time(state.LastRedAt),
        ["lastDrillAt"] = Time(state.LastDrillAt),
        ["message"] = state.Message,
        ["controls"] = new JsonArray([.. state.Controls.Select(control => (JsonNode)ControlOf(control))]),
    };

    private static JsonObject ControlOf(ControlState control) => new()
    {
        ["control"] = control.Control,
        ["verdict"] = Word(control.Verdict),
        ["checkedAt"] = Time(control.Sighting?.CheckedAt),
        ["validUntil"] = Time(control.Sighting?.ValidUntil),
        ["lastRedAt"] = Time(control.Sighting?.LastRedAt),
        ["lastDrillAt"] = Time(control.Sighting?.LastDrillAt),
        ["message"] = control.Message,
        ["evidence"] = control.Sighting is { } seen ? EvidencePath(seen.Evidence) : null,
    };

    private static JsonObject CompanyOf(Company company) => new()
    {
        ["name"] = company.Name,
        ["product"] = company.Product,
        ["country"] = company.Country,
        ["contacts"] = new JsonObject(company.Contacts.Select(contact => KeyValuePair.Create(contact.Key, (JsonNode?)contact.Value))),
    };

    private static JsonObject Texts(Posture posture, Func<string, string> text) =>
        new(posture.Languages.Select(language => KeyValuePair.Create(language, (JsonNode?)text(language))));

    private static JsonNode? Time(DateTimeOffset? time) => time is { } moment ? Time(moment) : null;
}
