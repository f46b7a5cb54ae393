using System.Buffers.Binary;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Exports.Reading;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Exports.Verifying;

/// <summary>
/// Looks through an export that can be read again for the originals of entries that were dated too far back to compare at the first
/// reading. The tiles have each leaf's hash and its place.
/// </summary>
/// <param name="late">The first halves of the leaf hashes to look for, each with its place.</param>
internal sealed class SecondLook(IReadOnlyDictionary<UInt128, long> late)
{
    private readonly Dictionary<UInt128, long> open = new(late);
    private readonly byte[] hashes = new byte[Tile.FullWidth * Digest.Size];

    /// <summary>Places of entries, each with that of its original, in the order of the originals.</summary>
    public List<(long Index, long CopyOf)> Found { get; } = [];

    /// <param name="export">Stands at its beginning; held to what is signed by the first reading.</param>
    /// <exception cref="ExportException">A line is too long.</exception>
    public async Task ReadAsync(Stream export, CancellationToken cancellationToken)
    {
        var (block, left) = (new LineBlock(), new MemoryStream());
        var (line, more) = (1L, true);
        while (more)
        {
            more = await block.FillAsync(export, left, line, cancellationToken);
            line += block.Lines;
            while (block.TryTakeLine(out var text))
                Take(text);
        }
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        var scanner = new LineScanner(line);
        if (!scanner.TryTake("{\"level\":0,\"tile\":"u8))
            return;
        var first = scanner.Number() * Tile.FullWidth;
        scanner.Expect(",\"hashes\":\""u8);
        var tile = scanner.Base64Bytes(hashes);
        for (var at = 0; !scanner.Failed && at + Digest.Size <= tile.Length; at += Digest.Size)
        {
            var index = first + (at / Digest.Size);
            var hash = BinaryPrimitives.ReadUInt128BigEndian(tile[at..]);
            if (open.TryGetValue(hash, out var place) && open.Remove(hash) && index < place)
                Found.Add((place, index));
        }
    }
}
