using System.Text.Json;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Evidence;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Exports;

namespace Vouchsafe.Cli.Verifying;

/// <summary>What an instance says of itself at /trust.json: believed as far as its signatures and its log bear it out.</summary>
internal sealed class Statement
{
    internal const string Path = "/trust.json";

    /// <summary>How far the instance's clock may be ahead of this one.</summary>
    internal static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    private readonly JsonObject? document;
    private readonly IReadOnlyList<EvidenceEntry> results;
    private readonly TimeProvider time;

    private Statement(JsonObject? document, IReadOnlyList<EvidenceEntry> results, string? fault, TimeProvider time) =>
        (this.document, this.results, Fault, this.time) = (document, results, fault, time);

    /// <summary>Why nothing in it counts; null where it does.</summary>
    public string? Fault { get; }

    /// <summary>Whether there was nothing to read.</summary>
    public bool IsMissing { get; private init; }

    /// <summary>The roll-up log's checkpoint that holds the log of the results, with its cosignatures; null where none is shown that does. Which log that is, the statement says.</summary>
    public ExportRollUp? RolledUp { get; private init; }

    /// <summary>Why there is none.</summary>
    public string RollUpFault { get; private init; } = "The statement shows no results.";

    public string? Posture => Text(document?["posture"]);

    public string? PostureHash => Text(document?["postureHash"]);

    /// <summary>The key that signed it; null where none did.</summary>
    public string? Key => Text((document?["signature"] as JsonObject)?["publicKey"]);

    /// <param name="utf8">The document as it was received; null where there is none.</param>
    /// <param name="missing">Why there is none.</param>
    /// <param name="key">As <see cref="VerifyOptions.Key"/>.</param>
    /// <exception cref="VerifyException">The key is none.</exception>
    public static Statement Read(byte[]? utf8, string? missing, string? key, TimeProvider time)
    {
        byte[]? expected = null;
        if (key is not null && (expected = KeyOf(key)) is null) throw new VerifyException("--key is not an Ed25519 public key in base64.");
        if (utf8 is null) return new(null, [], missing, time) { IsMissing = true, RollUpFault = missing ?? "" };
        if (SignedDocument.Open(utf8, TrustStatement.Format, expected is null ? null : (ReadOnlyMemory<byte>?)expected, out var fault, time.GetUtcNow() + Skew) is not { } document)
            return new(null, [], $"The statement can't be believed. {fault}", time);
        if (TrustStatement.ParseTime(Text(document["generatedAt"])) is not { } generated) return new(document, [], "The statement doesn't say when it was made.", time);
        if (generated > time.GetUtcNow() + Skew) return new(document, [], $"The statement is dated {TrustStatement.Time(generated)}, which is yet to come.", time);
        if (Text(document["log"]) is not { } vkey || document["results"] is null) return new(document, [], null, time);
        try
        {
            var log = NoteVerifier.Parse(vkey);
            if (ResultChain.Verify(document["results"], log, out fault) is not { } results) return new(document, [], $"The statement's results don't hold. {fault}", time);
            var rolledUp = StatementRollUp.Verify(document["rollUp"], ResultChain.HeadOf(document["results"], log), out fault);
            return new(document, results, null, time) { RolledUp = rolledUp, RollUpFault = fault };
        }
        catch (NoteException broken)
        {
            return new(document, [], $"The statement names a log key that is none: {broken.Message}", time);
        }
    }

    /// <summary>As the instance tells it, which nothing here proves.</summary>
    public DateTimeOffset? LastRedAt(string claim) => TrustStatement.ParseTime(Text(
        (document?["claims"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(item => Text(item["id"]) == claim)?["lastRedAt"]));

    /// <summary>
    /// A control that is only seen from inside, by the newest result of it that the log holds. What the statement itself says of it counts for
    /// nothing, and neither does a time that somebody wrote: a result is good for no longer than the posture at hand says.
    /// </summary>
    public ControlReport ControlAsOf(string control, Posture posture)
    {
        ControlReport Failed(DateTimeOffset? at, string message) => new(control, Verdict.Failed, at, null, message);

        if (Fault is not null) return Failed(null, $"{control} is only seen from inside. {Fault}");
        if (PostureHash != posture.Hash)
            return Failed(null, $"{control} is only seen from inside, and the instance runs another version of the posture {posture.Name} than the one at hand.");
        if (results.LastOrDefault(result => result.Event == EvidenceDocument.CheckRan && result.Fields.GetValueOrDefault("control") == control) is not { } run)
            return new(control, Verdict.Unknown, null, null, $"The instance shows no result of {control}.");
        var now = time.GetUtcNow();
        var message = run.Fields.GetValueOrDefault("message") ?? "";
        if (run.Fields.GetValueOrDefault("verdict") != "verified") return Failed(run.At, message);
        if (run.Fields.GetValueOrDefault("posture") != posture.Hash) return Failed(run.At, $"{control} was last checked under another version of the posture than the one at hand.");
        if (run.At > now + Skew) return Failed(run.At, $"The result of {control} is dated {TrustStatement.Time(run.At)}, which is yet to come.");
        if (TrustStatement.ParseTime(run.Fields.GetValueOrDefault("valid-until")) is not { } said) return Failed(run.At, $"The result of {control} doesn't say until when it counts.");
        var most = run.At + posture.Figures("assurance.schedule").Duration("valid-for");
        var validUntil = said < most ? said : most;
        return now < validUntil
            ? new(control, Verdict.Verified, run.At, validUntil, message)
            : new(control, Verdict.Stale, run.At, validUntil, $"{control} was last checked at {run.At:yyyy-MM-dd HH:mm:ss}Z, too long ago. It said: {message}");
    }

    private static byte[]? KeyOf(string text)
    {
        var key = new byte[33];
        return text.Length <= 64 && Convert.TryFromBase64String(text, key, out var length) && length == 32 ? key[..32] : null;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
