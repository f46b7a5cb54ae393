using System.Buffers;
using System.Buffers.Binary;

namespace Vouchsafe.Transparency.Trees;

/// <summary>Up to 256 leaves one after the other, as C2SP tlog-tiles serves them: before each its length in two bytes, the higher first.</summary>
public static class EntryBundle
{
    public const int LongestLeaf = ushort.MaxValue;

    /// <returns>False, and nothing is written, where the leaf is empty or longer than <see cref="LongestLeaf"/>.</returns>
    public static bool TryAppend(IBufferWriter<byte> bundle, ReadOnlySpan<byte> leaf)
    {
        if (leaf.Length is 0 or > LongestLeaf)
            return false;
        BinaryPrimitives.WriteUInt16BigEndian(bundle.GetSpan(2), (ushort)leaf.Length);
        bundle.Advance(2);
        bundle.Write(leaf);
        return true;
    }
}
