using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Transparency.Checkpoints;

namespace Vouchsafe.Claims.Evidence;

/// <summary>A JSON object that carries its own signature: docs/formats/evidence.md, "Signature".</summary>
/// <remarks>
/// Signed is <c>format ‖ newline ‖ canonical JSON without the members "signature" and "alsoSigned"</c>, with Ed25519 (RFC 8032). While the key is handed over, the old
/// one signs too, and the member "handovers" leads from each key that ever signed to the present one.
/// </remarks>
public static class SignedDocument
{
    public const int LongestDocument = 4 * 1024 * 1024;
    private const int MostDepth = 32;
    private const string Member = "signature";
    private const string Also = "alsoSigned";
    private const string Handovers = "handovers";

    /// <summary>The name under which hand-overs of the key are notes (docs/formats/key-handover.md).</summary>
    public const string KeyName = "vouchsafe.dev/trust-statement";

    /// <summary>Adds the signature to the document, in place.</summary>
    /// <param name="document">Its member <c>format</c> says what it is.</param>
    /// <param name="key">The present key.</param>
    /// <param name="also">The one before, while it is handed over.</param>
    public static JsonObject Sign(JsonObject document, Ed25519SigningKey key, params IEnumerable<Ed25519SigningKey> also)
    {
        document.Remove(Member);
        document.Remove(Also);
        var message = Message(document) ?? throw new ArgumentException("The document names no format.", nameof(document));
        JsonArray others = [.. also.Select(other => (JsonNode)Signature(other, message))];
        document[Member] = Signature(key, message);
        if (others.Count > 0) document[Also] = others;
        return document;
    }

    /// <summary>Reads a document and demands a signature over it. Never throws for what an untrusted document holds.</summary>
    /// <param name="utf8">The document as it was received.</param>
    /// <param name="format">The format it must name.</param>
    /// <param name="publicKey">The key that must have signed it, or must lead to the one that did by hand-overs that the document carries; null: the one that
    /// signed, which proves only that the document wasn't damaged.</param>
    /// <param name="now">Hand-overs that begin later don't count yet; null: all count.</param>
    /// <returns>The document, or null and what is wrong.</returns>
    public static JsonObject? Open(ReadOnlySpan<byte> utf8, string format, ReadOnlyMemory<byte>? publicKey, out string fault, DateTimeOffset? now = null)
    {
        if (Parse(utf8, out fault) is not { } document) return null;
        if (Text(document["format"]) != format) return Refuse($"It is not of the format {format}.", out fault);
        if (document[Member] is not JsonObject signature || Text(signature["algorithm"]) != "ed25519"
            || Base64(signature["publicKey"], Ed25519.PublicKeySize) is not { } carried || Base64(signature["value"], Ed25519.SignatureSize) is not { } value)
            return Refuse("It carries no Ed25519 signature.", out fault);
        if (publicKey is { } known && FindNewest(known.Span, document[Handovers], now, out fault) is { } newest && !newest.Span.SequenceEqual(carried))
            fault = known.Span.SequenceEqual(carried) ? "It is signed by a key that was handed over since, and not by the one that followed."
                : "It is signed by another key than the one asked for, and no hand-over leads there.";
        if (fault.Length > 0) return null;
        var unsigned = (JsonObject)document.DeepClone();
        unsigned.Remove(Member);
        unsigned.Remove(Also);
        if (Message(unsigned) is not { } message || !Ed25519.Verify(carried, message, value)) return Refuse("Its signature doesn't hold: it was altered.", out fault);
        return document;
    }

    /// <summary>Reads untrusted JSON: bounded, no member twice, an object on the outside.</summary>
    internal static JsonObject? Parse(ReadOnlySpan<byte> utf8, out string fault)
    {
        if (utf8.Length > LongestDocument) return Refuse($"It is longer than {LongestDocument} bytes.", out fault);
        try
        {
            using var strict = JsonDocument.Parse(utf8.ToArray(), new JsonDocumentOptions { MaxDepth = MostDepth, AllowDuplicateProperties = false });
            var document = JsonObject.Create(strict.RootElement.Clone());
            // Half characters and fractions have no canonical spelling; they show here, before anybody reads a member.
            CanonicalJson.Bytes(document);
            fault = "";
            return document ?? Refuse("It is not a JSON object.", out fault);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or FormatException)
        {
            return Refuse("It is not JSON.", out fault);
        }
    }

    internal static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    internal static byte[]? Base64(JsonNode? node, int? size)
    {
        if (Text(node) is not { } text) return null;
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var written) && (size is null || written == size) && Convert.ToBase64String(bytes.AsSpan(0, written)) == text
            ? bytes[..written] : null;
    }

    private static JsonObject Signature(Ed25519SigningKey key, byte[] message) => new()
    {
        ["algorithm"] = "ed25519",
        ["publicKey"] = Convert.ToBase64String(key.PublicKey.Span),
        ["value"] = Convert.ToBase64String(key.Sign(message)),
    };

    /// <summary>The key to which the hand-overs lead.</summary>
    private static ReadOnlyMemory<byte>? FindNewest(ReadOnlySpan<byte> known, JsonNode? handovers, DateTimeOffset? now, out string fault)
    {
        fault = "";
        try
        {
            List<SignedNote> notes = [];
            if (handovers is JsonArray { Count: <= KeyChain.MostHandovers } all)
                foreach (var each in all)
                    notes.Add(SignedNote.Parse(Text(each) ?? ""));
            else if (handovers is not null) throw new NoteException("They are no list of notes.");
            return KeyChain.From(new NoteVerifier(KeyName, known), notes, now).Newest.PublicKey;
        }
        catch (NoteException broken)
        {
            fault = $"Its key hand-overs can't be believed. {broken.Message}";
            return null;
        }
    }

    private static byte[]? Message(JsonObject document) =>
        Text(document["format"]) is { } format ? [.. Encoding.UTF8.GetBytes(format + "\n"), .. CanonicalJson.Bytes(document)] : null;

    private static JsonObject? Refuse(string why, out string fault)
    {
        fault = why;
        return null;
    }
}
