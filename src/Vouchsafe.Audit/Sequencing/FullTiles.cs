namespace Vouchsafe.Audit.Sequencing;

/// <summary>What an append completed: tiles, the bundles beside those of level 0, and which levels above moved.</summary>
internal sealed class FullTiles
{
    private readonly HashSet<int> _touched = [];

    public List<(int Level, long Index, byte[] Hashes, byte[]? Entries)> All { get; } = [];

    /// <summary>Levels above 0 whose incomplete tile changed.</summary>
    public IEnumerable<int> TouchedAbove => _touched.Where(level => level > 0);

    public void Touched(int level) => _touched.Add(level);

    public void Add(int level, long index, byte[] hashes, byte[]? entries) => All.Add((level, index, hashes, entries));
}
