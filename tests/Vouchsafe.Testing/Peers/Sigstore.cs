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

    /// <param name="also">A second key that it knows. It refuses a note with a signature of a key that it doesn't.</param>
    public static string Claim(SignedNote note, NoteVerifier log, ReadOnlySpan<byte> leaf, long index, IEnumerable<Digest> path, NoteVerifier? also = null)
    {
        var head = Checkpoint.Parse(note.Text).Head;
        return new JsonObject
        {
            ["checkpoint"] = note.ToString(),
            ["publicKey"] = Convert.ToBase64String(log.PublicKey.Span),
            ["keyId"] = KeyId(log),
            ["also"] = also is null ? null : new JsonObject { ["publicKey"] = Convert.ToBase64String(also.PublicKey.Span), ["keyId"] = KeyId(also) },
            ["leaf"] = Convert.ToBase64String(leaf),
            ["index"] = index,
            ["size"] = head.Size,
            ["root"] = Convert.ToBase64String(head.Root.Bytes),
            ["path"] = new JsonArray([.. path.Select(hash => (JsonNode)Convert.ToBase64String(hash.Bytes))]),
        }.ToJsonString();
    }

    private static string KeyId(NoteVerifier key)
    {
        var id = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(id, key.KeyId);
        return Convert.ToBase64String(id);
    }
}
