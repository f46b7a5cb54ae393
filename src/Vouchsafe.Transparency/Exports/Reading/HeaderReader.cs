using System.Text;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Exports.Reading;

/// <summary>Reads the lines before the entries, in their one order and spelling.</summary>
internal sealed class HeaderReader
{
    private const int MostLines = 16;
    private const int MostBytes = 1024 * 1024;

    private static readonly byte[] First = Encoding.ASCII.GetBytes("{\"format\":\"" + ExportHeader.Format + "\",");

    private readonly List<byte[]> lines = [];
    private int bytes;
    private int next;

    /// <summary>Takes a line.</summary>
    /// <returns>The header, once its last line was taken.</returns>
    /// <exception cref="ExportException">This is no export's header.</exception>
    public ExportHeader? Take(ReadOnlySpan<byte> line)
    {
        bytes += line.Length;
        if (lines.Count == MostLines || bytes > MostBytes || line.Length > LineBlock.LongestLine || (lines.Count == 0 && !line.SequenceEqual(First)))
            throw new ExportException($"This is not an export of the format {ExportHeader.Format}.");
        if (!line.SequenceEqual("\"entries\":["u8))
        {
            lines.Add(line.ToArray());
            return null;
        }
        next = 1;
        var header = Parse();
        return next == lines.Count ? header : throw Bad();
    }

    private ExportHeader Parse()
    {
        var vkey = Line("\"vkey\":\""u8);
        var key = String(ref vkey);
        End(vkey);
        var note = Line("\"checkpoint\":\""u8);
        var checkpoint = String(ref note);
        End(note);
        var count = Line("\"pruned\":"u8);
        var pruned = count.Number();
        End(count);
        var roots = Line("\"frozen\":"u8);
        var frozen = Hashes(ref roots);
        End(roots);
        var tiles = Line("\"edge\":["u8);
        var edge = new List<ReadOnlyMemory<byte>>();
        while (!tiles.Failed && !tiles.TryTake("]"u8))
        {
            tiles.Expect(edge.Count == 0 ? "\""u8 : ",\""u8);
            edge.Add(tiles.Base64Bytes(default).ToArray());
            if (edge.Count > TileAddress.Levels || edge[^1].Length > Tile.FullWidth * Digest.Size || edge[^1].Length % Digest.Size != 0)
                throw Bad();
        }
        End(tiles);
        return new ExportHeader(key, checkpoint) { Pruned = pruned, Frozen = frozen, Edge = edge, Handovers = Handovers(), Consistency = Consistency(), RollUp = RollUp() };
    }

    private List<string> Handovers()
    {
        var notes = new List<string>();
        if (!Follows("\"handovers\":"u8))
            return notes;
        var line = Line("\"handovers\":["u8);
        do
        {
            line.Expect(notes.Count == 0 ? "\""u8 : ",\""u8);
            notes.Add(String(ref line));
        }
        while (!line.Failed && notes.Count < Checkpoints.KeyChain.MostHandovers && !line.TryTake("]"u8));
        End(line);
        return notes;
    }

    private ExportConsistency? Consistency()
    {
        if (!Follows("\"consistency\":"u8))
            return null;
        var line = Line("\"consistency\":{\"size\":"u8);
        var size = line.Number();
        line.Expect(",\"proof\":"u8);
        var proof = Hashes(ref line);
        line.Expect("}"u8);
        End(line);
        return new ExportConsistency(size, proof);
    }

    private ExportRollUp? RollUp()
    {
        if (!Follows("\"rollUp\":"u8))
            return null;
        var line = Line("\"rollUp\":{\"salt\":\""u8);
        var salt = new byte[Commitment.SaltSize];
        line.Hex(salt);
        line.Expect(",\"index\":"u8);
        var index = line.Number();
        line.Expect(",\"proof\":"u8);
        var proof = Hashes(ref line);
        line.Expect(",\"checkpoint\":\""u8);
        var checkpoint = String(ref line);
        line.Expect(",\"vkey\":\""u8);
        var key = String(ref line);
        line.Expect("}"u8);
        End(line);
        return new ExportRollUp(salt, index, proof, checkpoint, key);
    }

    private bool Follows(ReadOnlySpan<byte> beginning) => next < lines.Count && lines[next].AsSpan().StartsWith(beginning);

    private LineScanner Line(ReadOnlySpan<byte> beginning)
    {
        if (next == lines.Count)
            throw Bad();
        var scanner = new LineScanner(lines[next]);
        scanner.Expect(beginning);
        return scanner;
    }

    private void End(LineScanner scanner)
    {
        scanner.Expect(","u8);
        if (!scanner.Done)
            throw Bad();
        next++;
    }

    private static string String(ref LineScanner scanner)
    {
        var text = new byte[MostBytes];
        return Encoding.UTF8.GetString(text, 0, scanner.Text(text));
    }

    private static List<Digest> Hashes(ref LineScanner scanner)
    {
        var hashes = new List<Digest>();
        scanner.Expect("["u8);
        while (!scanner.Failed && !scanner.TryTake("]"u8))
        {
            scanner.Expect(hashes.Count == 0 ? "\""u8 : ",\""u8);
            var hash = scanner.Base64Bytes(default);
            if (hash.Length != Digest.Size || hashes.Count == Proof.MostHashes)
                scanner.Fail();
            else
                hashes.Add(Digest.From(hash));
        }
        return hashes;
    }

    private ExportException Bad() => new($"Line {next + 1} of the export's header is not as the format demands.");
}
