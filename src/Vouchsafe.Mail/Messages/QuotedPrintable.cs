using System.Globalization;
using System.Text;

namespace Vouchsafe.Mail.Messages;

/// <summary>Text in lines of at most 76 printable ASCII characters (RFC 2045, section 6.7).</summary>
internal static class QuotedPrintable
{
    private const int MaxLine = 76;

    public static void Append(StringBuilder output, string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var n = 0; n < lines.Length; n++)
        {
            if (n > 0)
                output.Append("\r\n");
            AppendLine(output, Encoding.UTF8.GetBytes(lines[n]));
        }
    }

    private static void AppendLine(StringBuilder output, ReadOnlySpan<byte> line)
    {
        var width = 0;
        for (var at = 0; at < line.Length; at++)
        {
            var last = at == line.Length - 1;
            // White space at the end of a line would be lost on the way.
            var plain = line[at] is >= (byte)'!' and <= (byte)'~' and not (byte)'=' || (line[at] is (byte)' ' or (byte)'\t' && !last);
            var size = plain ? 1 : 3;
            if (width + size > (last ? MaxLine : MaxLine - 1))
            {
                output.Append("=\r\n");
                width = 0;
            }

            if (plain)
                output.Append((char)line[at]);
            else
                output.Append('=').Append(line[at].ToString("X2", CultureInfo.InvariantCulture));
            width += size;
        }
    }
}
