using Vouchsafe.Transparency.Entries;

namespace Vouchsafe.Transparency.Exports.Reading;

/// <summary>Some whole lines of an export, and what they say. Reused, so that the memory does not depend on the export's length.</summary>
internal sealed class LineBlock
{
    /// <summary>No line of an export is longer: a leaf, and two groups of fields whose every byte is escaped.</summary>
    public const int LongestLine = 512 * 1024;

    /// <summary>Bytes of a block; a longer line makes it grow up to <see cref="LongestLine"/>.</summary>
    private const int Size = 256 * 1024;

    private byte[] buffer = new byte[Size];
    private int start;
    private int end;
    private LineReader? reader;

    /// <summary>The number of the first line, from 1.</summary>
    public long FirstLine { get; private set; }

    /// <summary>How many lines there are; known once it is filled.</summary>
    public int Lines { get; private set; }

    public List<LineReading> Readings { get; } = [];

    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(start, end - start);

    /// <summary>Fills the block with what the one before left over and what comes, up to the last line end in it.</summary>
    /// <param name="left">The begun line that the block before ends in; takes that of this one.</param>
    /// <returns>Whether the stream has more; if not, what is left over is a line without an end.</returns>
    /// <exception cref="ExportException">A line is too long.</exception>
    public async ValueTask<bool> FillAsync(Stream input, MemoryStream left, long firstLine, CancellationToken cancellationToken)
    {
        (start, FirstLine) = (0, firstLine);
        Readings.Clear();
        var filled = (int)left.Length;
        if (filled > buffer.Length - (Size / 4))
            buffer = new byte[LongestLine + Size];
        left.GetBuffer().AsSpan(0, filled).CopyTo(buffer);
        var more = true;
        do
        {
            var read = await input.ReadAsync(buffer.AsMemory(filled), cancellationToken);
            more = read > 0;
            filled += read;
        }
        while (more && filled < buffer.Length);
        end = buffer.AsSpan(0, filled).LastIndexOf((byte)'\n') + 1;
        Lines = buffer.AsSpan(0, end).Count((byte)'\n');
        if (filled - end > LongestLine)
            throw new ExportException($"Line {firstLine + Lines} is longer than {LongestLine} bytes.");
        left.SetLength(0);
        left.Write(buffer, end, filled - end);
        return more;
    }

    /// <summary>The next line, without its end, taken off the block's front; false where there is none.</summary>
    public bool TryTakeLine(out ReadOnlySpan<byte> line)
    {
        var size = Bytes.IndexOf((byte)'\n');
        line = size < 0 ? default : Bytes[..size];
        if (size < 0)
            return false;
        start += size + 1;
        FirstLine++;
        Lines--;
        return true;
    }

    /// <summary>Reads all lines.</summary>
    public void Read(LogId log)
    {
        reader ??= new LineReader(log);
        var rest = Bytes;
        for (var line = FirstLine; rest.IndexOf((byte)'\n') is >= 0 and var size; line++)
        {
            if (size > LongestLine)
                throw new ExportException($"Line {line} is longer than {LongestLine} bytes.");
            reader.Read(rest[..size], line, Readings);
            rest = rest[(size + 1)..];
        }
        reader.Finish(Readings);
    }
}
