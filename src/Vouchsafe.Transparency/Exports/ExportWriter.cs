using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Exports;

/// <summary>
/// Writes docs/formats/audit-export.md: <see cref="Begin"/>, then for each 256 entries the tiles of <see cref="ExportOrder"/> by
/// <see cref="BeginTile"/> and <see cref="Add"/> for each entry, then <see cref="Complete"/>. Holds nothing back: flush the output as you please.
/// </summary>
/// <param name="output">A PipeWriter, for instance.</param>
public sealed class ExportWriter(IBufferWriter<byte> output)
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    /// <summary>A longer leaf is written as one that is gone.</summary>
    private const int LongestLeaf = 64 * 1024;

    private long index;
    private bool first = true;

    public void Begin(ExportHeader header)
    {
        Text("{\"format\":\"" + ExportHeader.Format + "\",\n\"vkey\":");
        String(header.VerifierKey);
        Text(",\n\"checkpoint\":");
        String(header.Checkpoint);
        Text(string.Create(CultureInfo.InvariantCulture, $",\n\"pruned\":{header.Pruned},\n\"frozen\":"));
        Hashes(header.Frozen);
        Text(",\n\"edge\":[");
        for (var level = 0; level < header.Edge.Count; level++)
        {
            Text(level == 0 ? "\"" : ",\"");
            Base64Of(header.Edge[level].Span);
            Text("\"");
        }
        Text("]");
        if (header.Handovers.Count > 0)
        {
            Text(",\n\"handovers\":[");
            for (var n = 0; n < header.Handovers.Count; n++)
            {
                if (n > 0) Text(",");
                String(header.Handovers[n]);
            }
            Text("]");
        }
        if (header.Consistency is { } consistency)
        {
            Text(string.Create(CultureInfo.InvariantCulture, $",\n\"consistency\":{{\"size\":{consistency.Size},\"proof\":"));
            Hashes(consistency.Proof);
            Text("}");
        }
        if (header.RollUp is { } rollUp)
        {
            Text(string.Create(CultureInfo.InvariantCulture, $",\n\"rollUp\":{{\"salt\":\"{Convert.ToHexStringLower(rollUp.Salt.Span)}\",\"index\":{rollUp.Index},\"proof\":"));
            Hashes(rollUp.Proof);
            Text(",\"checkpoint\":");
            String(rollUp.Checkpoint);
            Text(",\"vkey\":");
            String(rollUp.VerifierKey);
            Text("}");
        }
        Text(",\n\"entries\":[");
        index = header.Pruned;
    }

    /// <summary>Begins the entries that a tile covers, with the hashes that the log's own tile holds for them: read from the tiles, not
    /// made from the leaves, so that a verifier can tell an altered entry from its neighbours.</summary>
    /// <param name="level">0: leaf hashes of the next 256 entries, or the fewer ones at the end; above: the roots of 256 tiles below.</param>
    /// <param name="hashes">The tile's hashes, as far as the checkpoint reaches.</param>
    public void BeginTile(int level, ReadOnlySpan<byte> hashes)
    {
        if (index % Tile.FullWidth != 0 || hashes.Length is 0 or > Tile.FullWidth * Digest.Size || hashes.Length % Digest.Size != 0)
            throw new InvalidOperationException($"A tile begins at a multiple of {Tile.FullWidth} and holds 1 to {Tile.FullWidth} hashes; this would be the one at {index}.");
        Separate();
        Text(string.Create(CultureInfo.InvariantCulture, $"{{\"level\":{level},\"tile\":{index >> (8 * (level + 1))},\"hashes\":\""));
        Base64Of(hashes);
        Text("\"}");
    }

    /// <summary>Writes the next entry.</summary>
    /// <param name="leaf">Its leaf as it is stored, whatever it holds.</param>
    /// <param name="entry">Its values as far as they open.</param>
    public void Add(ReadOnlySpan<byte> leaf, OpenedEntry entry)
    {
        Separate();
        // Nothing that records writes a leaf of such length; what forced one in shall not make the line unreadable.
        if (leaf.Length > LongestLeaf)
            leaf = default;
        var readable = Leaf.TryParse(leaf, out var parsed);
        var time = readable ? parsed.Time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture) : "";
        Text(string.Create(CultureInfo.InvariantCulture, $"{{\"index\":{index},\"time\":\"{time}\",\"event\":\"{(readable ? parsed.EventName : "")}\",\"leaf\":\""));
        Base64Of(leaf);
        Text("\",\"actor\":");
        Group(entry.Actor);
        Text(",\"fields\":");
        Group(entry.Fields);
        Text("}");
        index++;
    }

    public void Complete() => Text("\n]}\n");

    private void Separate()
    {
        Text(first ? "\n" : ",\n");
        first = false;
    }

    private void Group(OpenedGroup group)
    {
        if (group.State != Disclosure.Disclosed)
        {
            Text(group.State == Disclosure.Erased ? "\"erased\"" : "\"unreadable\"");
            return;
        }
        Text("[");
        for (var i = 0; i < group.Fields.Count; i++)
        {
            Text(i == 0 ? "[" : ",[");
            String(group.Fields[i].Name);
            Text(",");
            String(group.Fields[i].Value);
            Text(",\"" + Convert.ToHexStringLower(group.Fields[i].Salt.Span) + "\"]");
        }
        Text("]");
    }

    private void Hashes(IReadOnlyList<Digest> hashes)
    {
        Text("[");
        for (var i = 0; i < hashes.Count; i++)
            Text((i == 0 ? "\"" : ",\"") + Convert.ToBase64String(hashes[i].Bytes) + "\"");
        Text("]");
    }

    /// <summary>A JSON string in its one spelling here: only quotes, backslashes and control characters are escaped.</summary>
    private void String(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Text("\"");
        var rest = bytes.AsSpan();
        while (rest.IndexOfAny(Escaped) is var at and >= 0)
        {
            output.Write(rest[..at]);
            Text(rest[at] >= 32 ? "\\" + (char)rest[at] : $"\\u{(int)rest[at]:x4}");
            rest = rest[(at + 1)..];
        }
        output.Write(rest);
        Text("\"");
    }

    private void Base64Of(ReadOnlySpan<byte> bytes)
    {
        var span = output.GetSpan(Base64.GetMaxEncodedToUtf8Length(bytes.Length));
        Base64.EncodeToUtf8(bytes, span, out _, out var written);
        output.Advance(written);
    }

    private void Text(string text)
    {
        var span = output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        output.Advance(Encoding.UTF8.GetBytes(text, span));
    }
}
