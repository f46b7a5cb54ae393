using System.Text.Json.Nodes;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Claims.Evidence;

namespace Vouchsafe.Assurance.Publishing;

/// <summary>Signs what the instance states of itself. The key is handed over together with those of the logs, and the documents carry the hand-overs.</summary>
public sealed class StatementSigner
{
    internal const string Purpose = "trust-statement";

    private readonly RotatingKey _key;

    internal StatementSigner(RotatingKeys keys) => _key = keys.Of(Purpose, SignedDocument.KeyName);

    /// <summary>The key for <c>vouchsafe verify --key</c>: base64 of 32 bytes.</summary>
    public async ValueTask<string> PublicKeyAsync(CancellationToken cancellationToken) =>
        Convert.ToBase64String((await _key.ReadAsync(cancellationToken)).Signing[0].PublicKey.Span);

    internal async Task<JsonObject> SignAsync(JsonObject document, CancellationToken cancellationToken)
    {
        var (signing, handovers) = await _key.ReadAsync(cancellationToken);
        document["handovers"] = new JsonArray([.. handovers.Select(note => (JsonNode)note.ToString())]);
        return SignedDocument.Sign(document, signing[0], signing.Skip(1));
    }
}
