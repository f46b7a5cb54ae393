using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Exports;

/// <summary>Which tiles stand before which entries of an export.</summary>
public static class ExportOrder
{
    /// <summary>The tiles before the entry at <paramref name="index"/>, highest level first: each full tile above level 0 before the first
    /// entry under it that the export holds, and the tile of level 0, full or not.</summary>
    /// <param name="index">A multiple of 256.</param>
    /// <param name="pruned">Where the export begins.</param>
    /// <param name="size">Where it ends.</param>
    public static IEnumerable<TileAddress> TilesBefore(long index, long pruned, long size)
    {
        for (var level = TileAddress.Levels - 1; level > 0; level--)
        {
            var tile = index >> (8 * level) >> 8;
            if ((index == pruned || tile << 8 << (8 * level) == index) && size >> (8 * level) >> 8 > tile)
                yield return new TileAddress(level, tile, Tile.FullWidth);
        }
        yield return new TileAddress(0, index / Tile.FullWidth, (int)Math.Min(Tile.FullWidth, size - index));
    }
}
