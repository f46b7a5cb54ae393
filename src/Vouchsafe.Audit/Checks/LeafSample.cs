using System.Buffers.Binary;
using System.Numerics;
using Vouchsafe.Cryptography.Hashing;

namespace Vouchsafe.Audit.Checks;

/// <summary>
/// Finds leaves that stand in a log twice, under whatever ids, in a pass over it. A large log's leaves are divided by their hashes, and
/// each pass looks at the next part
/// of them: what stands there twice has one hash, so both are in one part, and little is held in memory however long the log is.
/// </summary>
/// <param name="entries">How many entries the log has.</param>
/// <param name="pass">The running number of the pass.</param>
internal sealed class LeafSample(long entries, uint pass)
{
    /// <summary>About how many leaves are held, 40 bytes each.</summary>
    private const int Held = 16_384;

    private readonly Dictionary<UInt128, long> _seen = [];
    private readonly uint _parts = PartsOf(entries);

    /// <summary>In how many passes every leaf of a log is compared with every other.</summary>
    public static uint PartsOf(long entries) => (uint)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(1, (entries + Held - 1) / Held));

    /// <returns>Where the leaf stood before; null: nowhere that was looked at.</returns>
    public long? Seen(long index, in Digest leaf)
    {
        var hash = BinaryPrimitives.ReadUInt128BigEndian(leaf.Bytes);
        // Seeded at random by the process: nobody can choose leaves that all fall into one part.
        if ((uint)HashCode.Combine(hash) % _parts != pass % _parts || _seen.Count >= 4 * Held || _seen.TryAdd(hash, index))
            return null;
        return _seen[hash];
    }
}
