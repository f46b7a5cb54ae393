using System.Globalization;
using System.Text;
using Vouchsafe.Cryptography.Hashing;

namespace Vouchsafe.Transparency.Trees;

/// <summary>Where a tile stands: C2SP tlog-tiles. Level 0 holds leaf hashes, each tile of a higher level the roots of 256 full tiles below.</summary>
/// <param name="Level">0 to 7.</param>
/// <param name="Index">The tile's place in its level, from 0.</param>
/// <param name="Width">How many hashes it holds, 1 to 256; fewer than 256 only at the right edge.</param>
public readonly record struct TileAddress(int Level, long Index, int Width)
{
    /// <summary>Enough for 2^62 leaves.</summary>
    public const int Levels = 8;

    /// <summary>The leaves that a full tile covers: the first and the last one's index.</summary>
    internal (long First, long Last) Leaves => (Index << 8 << (8 * Level), ((Index + 1) << 8 << (8 * Level)) - 1);

    /// <summary><c>tile/0/x001/234</c>, with <c>.p/17</c> for a partial tile.</summary>
    public override string ToString()
    {
        var path = new StringBuilder((Index % 1000).ToString("000", CultureInfo.InvariantCulture));
        for (var rest = Index / 1000; rest > 0; rest /= 1000)
            path.Insert(0, string.Create(CultureInfo.InvariantCulture, $"x{rest % 1000:000}/"));
        path.Insert(0, string.Create(CultureInfo.InvariantCulture, $"tile/{Level}/"));
        return Width == Tile.FullWidth ? path.ToString() : path.Append(CultureInfo.InvariantCulture, $".p/{Width}").ToString();
    }
}

/// <summary>A tile: up to 256 hashes of one level, one after the other.</summary>
public sealed class Tile
{
    public const int FullWidth = 256;

    /// <exception cref="ArgumentException">No whole number of hashes from 1 to 256, or a level or index out of bounds.</exception>
    public Tile(int level, long index, ReadOnlyMemory<byte> hashes)
    {
        if (level is < 0 or >= TileAddress.Levels || index < 0)
            throw new ArgumentException($"There is no tile {index} at level {level}.");
        if (hashes.Length % Digest.Size != 0 || hashes.Length is 0 or > FullWidth * Digest.Size)
            throw new ArgumentException($"A tile holds 1 to {FullWidth} hashes of {Digest.Size} bytes, not {hashes.Length} bytes.", nameof(hashes));
        Address = new TileAddress(level, index, hashes.Length / Digest.Size);
        Bytes = hashes;
    }

    public TileAddress Address { get; }

    public int Level => Address.Level;

    public long Index => Address.Index;

    public int Width => Address.Width;

    public ReadOnlyMemory<byte> Bytes { get; }

    public ReadOnlySpan<Digest> Hashes => Digest.Cast(Bytes.Span);
}

/// <summary>Reads tiles back.</summary>
public interface ITileSource
{
    /// <summary>The tile's hashes: at least <see cref="TileAddress.Width"/> of them (a tile that has grown since serves as well), or null where it is not there.</summary>
    ValueTask<ReadOnlyMemory<byte>?> ReadAsync(TileAddress address, CancellationToken cancellationToken);
}
