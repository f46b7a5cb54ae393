namespace Vouchsafe.Audit.Logs;

/// <summary>Where a log's hash tiles come from.</summary>
internal interface ITileSource
{
    /// <summary>The tile's hashes, 32 bytes each; at least as many as a log of <paramref name="size"/> entries has in it.</summary>
    /// <exception cref="TileMissingException">It was pruned, or never was.</exception>
    Task<byte[]> TileAsync(int level, long index, long size, CancellationToken cancellationToken);
}

/// <summary>A tile that the log should have is not there: pruned, or removed.</summary>
public sealed class TileMissingException(int level, long index) : Exception($"The log has no tile {index} on level {level}.")
{
    public int Level { get; } = level;

    public long Index { get; } = index;
}
