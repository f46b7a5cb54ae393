using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using Vouchsafe.Cryptography.Hashing;

namespace Vouchsafe.Identity.Tokens;

/// <summary>
/// Remembers which texts carried a right signature and what they said, under the hash of the whole text, signature and all. A caller sends the same
/// token with every request; verifying and parsing it costs as much as the rest of the way to the endpoint.
/// </summary>
/// <remarks>It answers for the signature alone: the rules and the session are asked at each request, so that nothing expired or ended lives longer by it. No token is kept.</remarks>
internal sealed class VerifiedTokens
{
    /// <summary>Beyond them all are forgotten: only tokens of ours get in, and each is verified again in some microseconds.</summary>
    internal const int Most = 10_000;

    private readonly ConcurrentDictionary<Digest, (string KeyId, AccessToken Token)> tokens = new();
    private int count;

    /// <returns>Null for a text that is no token: too long, or not ASCII.</returns>
    public static Digest? NameOf(string text)
    {
        if (text.Length > CompactJws.Longest) return null;
        Span<byte> bytes = stackalloc byte[CompactJws.Longest];
        return Ascii.FromUtf16(text, bytes, out var length) == OperationStatus.Done ? Sha256.Hash(bytes[..length]) : null;
    }

    public (string KeyId, AccessToken Token)? Find(Digest name) => tokens.TryGetValue(name, out var known) ? known : null;

    public void Add(Digest name, string keyId, AccessToken token)
    {
        if (Interlocked.Increment(ref count) > Most)
        {
            tokens.Clear();
            count = 1;
        }
        tokens[name] = (keyId, token);
    }
}
