using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vouchsafe.Cryptography.Signatures;

namespace Vouchsafe.Claims.Evidence;

/// <summary>A JSON object that carries its own signature: docs/formats/evidence.md, "Signature".</summary>
/// <remarks>Signed is <c>format ‖ newline ‖ canonical JSON without the member "signature"</c>, with Ed25519 (RFC 8032).</remarks>
public static class SignedDocument
{
    public const int LongestDocument = 4 * 1024 * 1024;
    private const int MostDepth = 32;
    private const string Member = "signature";

    /// <summary>Adds the signature to the document, in place.</summary>
    /// <param name="document">Its member <c>format</c> says what it is.</param>
    public static JsonObject Sign(JsonObject document, Ed25519SigningKey key)
    {
        document.Remove(Member);
        var signature = key.Sign(Message(document) ?? throw new ArgumentException("The document names no format.", nameof(document)));
        document[Member] = new JsonObject
        {
            ["algorithm"] = "ed25519",
            ["publicKey"] = Convert.ToBase64String(key.PublicKey.Span),
            ["value"] = Convert.ToBase64String(signature),
        };
        return document;
    }

    /// <summary>Reads a document and demands a signature over it. Never throws for what an untrusted document holds.</summary>
    /// <param name="utf8">The document as it was received.</param>
    /// <param name="format">The format it must name.</param>
    /// <param name="publicKey">The key that must have signed it; null: the one that it carries, which proves only that it wasn't damaged.</param>
    /// <returns>The document, or null and what is wrong.</returns>
    public static JsonObject? Open(ReadOnlySpan<byte> utf8, string format, ReadOnlyMemory<byte>? publicKey, out string fault)
    {
        if (Parse(utf8, out fault) is not { } document) return null;
        if (Text(document["format"]) != format) return Refuse($"It is not of the format {format}.", out fault);
        if (document[Member] is not JsonObject signature || Text(signature["algorithm"]) != "ed25519"
            || Base64(signature["publicKey"], Ed25519.PublicKeySize) is not { } carried || Base64(signature["value"], Ed25519.SignatureSize) is not { } value)
            return Refuse("It carries no Ed25519 signature.", out fault);
        if (publicKey is { } expected && !expected.Span.SequenceEqual(carried)) return Refuse("It is signed by another key than the one asked for.", out fault);
        var unsigned = (JsonObject)document.DeepClone();
        unsigned.Remove(Member);
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

    private static byte[]? Message(JsonObject document) =>
        Text(document["format"]) is { } format ? [.. Encoding.UTF8.GetBytes(format + "\n"), .. CanonicalJson.Bytes(document)] : null;

    private static JsonObject? Refuse(string why, out string fault)
    {
        fault = why;
        return null;
    }
}
