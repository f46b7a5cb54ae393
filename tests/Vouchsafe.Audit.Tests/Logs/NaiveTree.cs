using System.Security.Cryptography;

namespace Vouchsafe.Audit.Tests.Logs;

/// <summary>RFC 6962, section 2.1, word for word, over all leaf hashes at once: what the tiles are compared with.</summary>
internal static class NaiveTree
{
    public static byte[] Leaf(int n) => SHA256.HashData([0, .. BitConverter.GetBytes(n)]);

    public static byte[] Root(ReadOnlySpan<byte[]> leaves) => leaves.Length switch
    {
        0 => SHA256.HashData([]),
        1 => leaves[0],
        _ => SHA256.HashData([1, .. Root(leaves[..Split(leaves.Length)]), .. Root(leaves[Split(leaves.Length)..])]),
    };

    public static List<byte[]> Path(int index, ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length == 1)
            return [];
        var k = Split(leaves.Length);
        return index < k
            ? [.. Path(index, leaves[..k]), Root(leaves[k..])]
            : [.. Path(index - k, leaves[k..]), Root(leaves[..k])];
    }

    public static List<byte[]> Consistency(int m, ReadOnlySpan<byte[]> leaves) => m == leaves.Length ? [] : Sub(m, leaves, true);

    private static List<byte[]> Sub(int m, ReadOnlySpan<byte[]> leaves, bool known)
    {
        if (m == leaves.Length)
            return known ? [] : [Root(leaves)];
        var k = Split(leaves.Length);
        return m <= k
            ? [.. Sub(m, leaves[..k], known), Root(leaves[k..])]
            : [.. Sub(m - k, leaves[k..], false), Root(leaves[..k])];
    }

    private static int Split(int n)
    {
        var k = 1;
        while (2 * k < n)
            k *= 2;
        return k;
    }
}
