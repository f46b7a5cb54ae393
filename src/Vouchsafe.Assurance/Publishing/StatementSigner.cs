using System.Text.Json.Nodes;
using Vouchsafe.Claims.Evidence;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Cryptography.Signatures;

namespace Vouchsafe.Assurance.Publishing;

/// <summary>Signs what the instance states of itself.</summary>
public sealed class StatementSigner
{
    private readonly Ed25519SigningKey key;

    internal StatementSigner(KeyRing keys) => key = new Ed25519SigningKey(keys.Derive("trust-statement").Bytes);

    /// <summary>The key for <c>vouchsafe verify --key</c>: base64 of 32 bytes.</summary>
    public string PublicKey => Convert.ToBase64String(key.PublicKey.Span);

    internal JsonObject Sign(JsonObject document) => SignedDocument.Sign(document, key);
}
