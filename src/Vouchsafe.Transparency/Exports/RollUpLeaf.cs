using System.Text;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Entries;

namespace Vouchsafe.Transparency.Exports;

/// <summary>
/// A leaf of the roll-up log: a salted commitment to one log's checkpoint, so that witnesses see that there is one and neither
/// whose nor how large. <code>0x10 ‖ HMAC-SHA256(salt 16, text of the checkpoint)</code>
/// </summary>
public static class RollUpLeaf
{
    public const byte Version = 0x10;

    internal const int Size = 1 + Digest.Size;

    /// <param name="salt">16 random bytes, fresh for each leaf.</param>
    /// <param name="checkpointText">The signed note's text, with its last newline.</param>
    public static byte[] Build(ReadOnlySpan<byte> salt, string checkpointText)
    {
        if (salt.Length != Commitment.SaltSize)
            throw new ArgumentException($"A salt has {Commitment.SaltSize} bytes.", nameof(salt));
        return [Version, .. HmacSha256.Hash(salt, Encoding.UTF8.GetBytes(checkpointText)).ToArray()];
    }
}
