using System.Text.Json;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.Checks;

/// <summary>
/// Reads an export line by line as an outsider would, with nothing but the log's key: each leaf against its tile, the tiles
/// against the signed root. What the values disclose is the offline verifier's part.
/// </summary>
internal sealed class ExportReading(NoteVerifier key)
{
    private readonly RootBuilder _root = new();
    private readonly List<Digest> _tile = [];
    private Checkpoint? _checkpoint;
    private long _next;

    public long Entries { get; private set; }

    public TreeHead? Head => _checkpoint?.Head;

    /// <returns>What is wrong, or null.</returns>
    public async Task<string?> FindFaultAsync(Stream export, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(export, leaveOpen: true);
        var header = new System.Text.StringBuilder();
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (_checkpoint is null)
            {
                header.Append(line);
                if (line.EndsWith("\"entries\":[", StringComparison.Ordinal) && Begin(header.Append("]}").ToString()) is { } fault)
                    return fault;
            }
            else if (line == "]}")
                return End();
            else if (Read(line.TrimEnd(',')) is { } fault)
                return fault;
        }

        return "it is cut off";
    }

    private string? Begin(string header)
    {
        using var document = JsonDocument.Parse(header);
        try
        {
            _checkpoint = Checkpoint.Open(SignedNote.Parse(document.RootElement.GetProperty("checkpoint").GetString()!), key);
        }
        catch (NoteException)
        {
            return "its checkpoint is not signed by the log's key";
        }

        _next = document.RootElement.GetProperty("pruned").GetInt64();
        var hashes = document.RootElement.GetProperty("frozen").EnumerateArray().Select(hash => Digest.From(hash.GetBytesFromBase64())).ToList();
        foreach (var (height, frozen) in RootBuilder.Heights(_next).Zip(hashes))
            _root.Append(height, frozen);
        return _root.Size == _next ? null : "its frozen roots don't cover what was pruned";
    }

    private string? Read(string line)
    {
        using var document = JsonDocument.Parse(line);
        var element = document.RootElement;
        if (element.TryGetProperty("hashes", out var hashes))
        {
            if (_next < _root.Size || element.GetProperty("tile").GetInt64() != _next / Tile.FullWidth)
                return $"entry {_next} is missing";
            _tile.Clear();
            _tile.AddRange(Digest.Cast(hashes.GetBytesFromBase64()).ToArray());
            foreach (var hash in _tile)
                _root.Append(0, hash);
            return null;
        }

        if (element.GetProperty("index").GetInt64() != _next)
            return $"entry {_next} is missing";
        var leaf = element.GetProperty("leaf").GetBytesFromBase64();
        if (leaf.Length == 0)
            return $"entry {_next} is missing";
        if (_next >= _root.Size || TreeHash.Leaf(leaf) != _tile[(int)(_next % Tile.FullWidth)])
            return $"entry {_next} isn't what the log holds";
        if (IsUnreadable(element.GetProperty("actor")) || IsUnreadable(element.GetProperty("fields")))
            return $"the values of entry {_next} are withheld";
        _next++;
        Entries++;
        return null;
    }

    private string? End() =>
        _next < _root.Size ? $"entry {_next} is missing"
        : _root.Head() == _checkpoint!.Head ? null
        : "its entries don't hash to the signed root";

    private static bool IsUnreadable(JsonElement group) => group.ValueKind == JsonValueKind.String && group.GetString() == "unreadable";
}
