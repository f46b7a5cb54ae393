using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Checkpoints;

namespace Vouchsafe.Testing.Peers;

/// <summary>An entry, its path and the checkpoint, as npm's @sigstore/verify reads them.</summary>
public static class Sigstore
{
    /// <summary>What it answers when everything fits.</summary>
    public const string Yes = "yes";

    /// <returns>For each claim <see cref="Yes"/>, or why not.</returns>
    public static Task<IReadOnlyList<string>> VerifyAsync(IEnumerable<string> claims, CancellationToken cancellationToken) => NodePeer.RunAsync("sigstore.mjs", claims, cancellationToken);

    public static string Claim(SignedNote note, NoteVerifier log, ReadOnlySpan<byte> leaf, long index, IEnumerable<Digest> path)
    {
        var head = Checkpoint.Parse(note.Text).Head;
        var keyId = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(keyId, log.KeyId);
        return new JsonObject
        {
            ["checkpoint"] = note.ToString(),
            ["publicKey"] = Convert.ToBase64String(log.PublicKey.Span),
            ["keyId"] = Convert.ToBase64String(keyId),
            ["leaf"] = Convert.ToBase64String(leaf),
            ["index"] = index,
            ["size"] = head.Size,
            ["root"] = Convert.ToBase64String(head.Root.Bytes),
            ["path"] = new JsonArray([.. path.Select(hash => (JsonNode)Convert.ToBase64String(hash.Bytes))]),
        }.ToJsonString();
    }
}
