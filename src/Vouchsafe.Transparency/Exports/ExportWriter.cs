using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Exports;

/// <summary>
/// Writes docs/formats/audit-export.md: <see cref="Begin"/>, then for each 256 entries <see cref="BeginTile"/> and
/// <see cref="Add"/> for each entry, then <see cref="Complete"/>. Holds nothing back: flush the output as you please.
/// </summary>
/// <param name="output">A PipeWriter, for instance.</param>
public sealed class ExportWriter(IBufferWriter<byte> output)
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', (byte)'\\']);

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

    /// <summary>Begins the next 256 entries, or the fewer ones at the end, with the leaf hashes that the log's own tile holds for
    /// them: read from the tiles, not made from the leaves, so that a verifier can tell an altered entry from its neighbours.</summary>
    /// <param name="hashes">The tile's hashes, as far as the checkpoint reaches.</param>
    /// <param name="root">The root of a full tile as the next level holds it; null: made from the hashes.</param>
    public void BeginTile(ReadOnlySpan<Digest> hashes, Digest? root = null)
    {
        if (index % Tile.FullWidth != 0 || hashes.Length is 0 or > Tile.FullWidth)
            throw new InvalidOperationException($"A tile begins at a multiple of {Tile.FullWidth} and holds 1 to {Tile.FullWidth} hashes; this would be the one at {index}.");
        Separate();
        Text(string.Create(CultureInfo.InvariantCulture, $"{{\"tile\":{index / Tile.FullWidth},\"root\":\""));
        Base64Of((root ?? RootOf(hashes)).Bytes);
        Text("\",\"hashes\":\"");
        Base64Of(MemoryMarshal.AsBytes(hashes));
        Text("\"}");
    }

    /// <summary>Writes the next entry.</summary>
    /// <param name="leaf">Its leaf as it is stored, whatever it holds.</param>
    /// <param name="entry">Its values as far as they open.</param>
    public void Add(ReadOnlySpan<byte> leaf, OpenedEntry entry)
    {
        Separate();
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

    internal static Digest RootOf(ReadOnlySpan<Digest> hashes)
    {
        var builder = new RootBuilder();
        foreach (ref readonly var hash in hashes)
            builder.Append(0, hash);
        return builder.Head().Root;
    }

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
