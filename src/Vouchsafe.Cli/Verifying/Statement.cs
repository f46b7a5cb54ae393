using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Evidence;
using Vouchsafe.Transparency.Checkpoints;

namespace Vouchsafe.Cli.Verifying;

/// <summary>What an instance says of itself at /trust.json: believed as far as its signatures and its log bear it out.</summary>
internal sealed class Statement
{
    internal const string Path = "/trust.json";
    private readonly JsonObject? document;
    private readonly NoteVerifier? log;
    private readonly TimeProvider time;

    private Statement(JsonObject? document, NoteVerifier? log, string? fault, TimeProvider time) =>
        (this.document, this.log, Fault, this.time) = (document, log, fault, time);

    /// <summary>Why nothing in it counts; null where it does.</summary>
    public string? Fault { get; }

    public string? Posture => Text(document?["posture"]);

    public string? PostureHash => Text(document?["postureHash"]);

    public static async Task<Statement> ReadAsync(Instance instance, string? key, TimeProvider time, CancellationToken cancellationToken)
    {
        byte[]? expected = null;
        if (key is not null && (expected = Key(key)) is null) throw new VerifyException("--key is not an Ed25519 public key in base64.");
        try
        {
            var utf8 = await instance.ReadAsync(Path, cancellationToken);
            if (SignedDocument.Open(utf8, TrustStatement.Format, expected is null ? null : (ReadOnlyMemory<byte>?)expected, out var fault) is not { } document)
                return new(null, null, $"{Path} can't be believed. {fault}", time);
            return new(document, Text(document["log"]) is { } vkey ? NoteVerifier.Parse(vkey) : null, null, time);
        }
        catch (VerifyException unreadable)
        {
            return new(null, null, unreadable.Message, time);
        }
        catch (NoteException broken)
        {
            return new(null, null, $"{Path} names a log key that is none: {broken.Message}", time);
        }
    }

    public DateTimeOffset? LastRedAt(string claim) => Time(Member("claims", "id", claim)?["lastRedAt"]);

    /// <summary>A control that is only seen from inside: its evidence is fetched, verified against the log's key, and read; the statement's own word counts for nothing.</summary>
    public async Task<ControlReport> ControlAsync(string control, Instance instance, CancellationToken cancellationToken)
    {
        if (Fault is not null) return new(control, Verdict.Failed, null, null, $"{control} is only seen from inside, and {Fault}");
        if (Find(control) is not { } stated || Text(stated["evidence"]) is not { } path)
            return new(control, Verdict.Unknown, null, null, $"The instance shows no evidence for {control}.");
        try
        {
            var utf8 = await instance.ReadAsync(path, cancellationToken);
            return EvidenceDocument.Verify(utf8, log, out var fault) is { } evidence
                ? Judge(control, evidence)
                : new(control, Verdict.Failed, null, null, $"The evidence for {control} doesn't hold. {fault}");
        }
        catch (VerifyException missing)
        {
            return new(control, Verdict.Failed, null, null, $"The evidence for {control} can't be had: {missing.Message}");
        }
    }

    private ControlReport Judge(string control, EvidenceDocument evidence)
    {
        var fields = evidence.Fields;
        if (evidence.Event != EvidenceDocument.CheckRan || fields.GetValueOrDefault("control") != control)
            return new(control, Verdict.Failed, evidence.At, null, $"What is shown as evidence for {control} is of something else.");
        var message = fields.GetValueOrDefault("message") ?? "";
        if (fields.GetValueOrDefault("verdict") != "verified")
            return new(control, Verdict.Failed, evidence.At, null, message);
        if (Time(fields.GetValueOrDefault("valid-until")) is not { } validUntil)
            return new(control, Verdict.Failed, evidence.At, null, $"The evidence for {control} doesn't say until when it counts.");
        return time.GetUtcNow() < validUntil
            ? new(control, Verdict.Verified, evidence.At, validUntil, message)
            : new(control, Verdict.Stale, evidence.At, validUntil, $"{control} was last checked at {evidence.At:yyyy-MM-dd HH:mm:ss}Z, too long ago. It said: {message}");
    }

    private JsonObject? Find(string control) =>
        (document?["claims"] as JsonArray)?.OfType<JsonObject>().SelectMany(claim => (claim["controls"] as JsonArray)?.OfType<JsonObject>() ?? [])
            .FirstOrDefault(stated => Text(stated["control"]) == control);

    private JsonObject? Member(string list, string name, string value) =>
        (document?[list] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(item => Text(item[name]) == value);

    private static byte[]? Key(string text)
    {
        var key = new byte[33];
        return Convert.TryFromBase64String(text, key, out var length) && length == 32 ? key[..32] : null;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static DateTimeOffset? Time(JsonNode? node) => Time(Text(node));

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
