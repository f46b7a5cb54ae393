using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Vouchsafe.Testing.Exports;

/// <summary>An export as somebody with a text editor sees it.</summary>
public sealed partial class ExportText
{
    private readonly List<string> header = [];

    public ExportText(string text)
    {
        var lines = text.Split('\n');
        var border = Array.IndexOf(lines, "\"entries\":[");
        header.AddRange(lines[..(border + 1)]);
        Lines.AddRange(lines[(border + 1)..^2].Select(line => line.TrimEnd(',')));
    }

    /// <summary>The lines behind the header, without commas.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>Where the line of an entry stands.</summary>
    public int At(long index) => Lines.FindIndex(line => line.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{{\"index\":{index},"), StringComparison.Ordinal));

    /// <summary>Where the tile that begins with an entry stands.</summary>
    public int TileAt(long index) => Lines.FindIndex(line => line.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{{\"level\":0,\"tile\":{index / 256},"), StringComparison.Ordinal));

    public void Header(string name, string from, string to)
    {
        var line = header.FindIndex(one => one.StartsWith($"\"{name}\":", StringComparison.Ordinal));
        header[line] = header[line].Replace(from, to, StringComparison.Ordinal);
    }

    /// <summary>Gives the entries the numbers that follow from where they stand, as a careful forger would.</summary>
    public void Renumber(long first = 0)
    {
        for (var i = 0; i < Lines.Count; i++)
            if (Lines[i].StartsWith("{\"index\":", StringComparison.Ordinal))
                Lines[i] = Number().Replace(Lines[i], string.Create(CultureInfo.InvariantCulture, $"{{\"index\":{first++},"), 1);
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(string.Join('\n', header) + "\n" + string.Join(",\n", Lines) + "\n]}\n");

    [GeneratedRegex("^\\{\"index\":[0-9]+,")]
    private static partial Regex Number();
}
