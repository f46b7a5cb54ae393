using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Exports.Verifying;

/// <summary>
/// Knows what each tile must hash to before it comes: the right edge hashes to the signed root, and each tile to a hash of the
/// edge or of the tile above. Holds one tile a level.
/// </summary>
internal sealed class HashLadder
{
    private readonly TreeHead head;
    private readonly Digest[][] edge;
    private readonly (long Index, Digest[] Hashes)[] tiles = new (long, Digest[])[TileAddress.Levels];

    public HashLadder(TreeHead head, IReadOnlyList<ReadOnlyMemory<byte>> edge)
    {
        this.head = head;
        this.edge = [.. edge.Select(tile => Digest.Cast(tile.Span).ToArray())];
        Array.Fill(tiles, (-1, []));
        EdgeHolds = Holds();
    }

    /// <summary>Whether the right edge hashes to the signed root.</summary>
    public bool EdgeHolds { get; }

    /// <summary>The hashes of the log's last entries that fill no tile; empty where there are none or the edge doesn't hold.</summary>
    public Digest[] LastTile => EdgeHolds && edge.Length > 0 ? edge[0] : [];

    /// <summary>What a full tile must hash to; null where that isn't known.</summary>
    public Digest? RootOf(int level, long tile)
    {
        var above = level + 1;
        var first = head.Size >> (8 * above) >> 8 << 8;
        if (tile >= first)
            return EdgeHolds && above < edge.Length && tile - first < edge[above].Length ? edge[above][tile - first] : null;
        return above < TileAddress.Levels && tiles[above].Index == tile >> 8 ? tiles[above].Hashes[tile & 255] : null;
    }

    /// <summary>Whether the tile was taken.</summary>
    public bool Has(TileAddress tile) => tiles[tile.Level].Index == tile.Index;

    /// <summary>Takes a full tile above level 0, for those below it.</summary>
    public void Keep(int level, long tile, Digest[] hashes) => tiles[level] = (tile, hashes);

    private bool Holds()
    {
        var addresses = TreeEdge.Addresses(head.Size);
        var levels = addresses.Count == 0 ? 0 : addresses[^1].Level + 1;
        if (edge.Length != levels || edge.Where((tile, level) => tile.Length != (addresses.FirstOrDefault(address => address.Level == level).Width)).Any())
            return false;
        try
        {
            TreeEdge.Open(head, addresses.Select(address => new Tile(address.Level, address.Index, System.Runtime.InteropServices.MemoryMarshal.AsBytes(edge[address.Level].AsSpan()).ToArray())));
            return true;
        }
        catch (TreeException)
        {
            return false;
        }
    }
}
