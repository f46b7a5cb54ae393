using System.Text;

namespace Vouchsafe.Mail.Smtp;

/// <summary>Reads replies as RFC 5321, section 4.2.1 writes them, and takes nothing else.</summary>
internal static class SmtpReplyParser
{
    /// <summary>The longest line with its end: twice what section 4.5.3.1.5 allows, as servers in use exceed it.</summary>
    public const int MaxLine = 1024;

    public const int MaxLines = 64;

    /// <summary>The most that a reply can need; who has buffered more without one was sent rubbish.</summary>
    public const int MaxReply = MaxLine * MaxLines;

    /// <summary>Takes one whole reply from the beginning of what arrived.</summary>
    /// <returns>The reply and how many bytes it has; null where its end hasn't arrived yet.</returns>
    /// <exception cref="SmtpProtocolException">What arrived is not the beginning of a reply.</exception>
    public static (SmtpReply Reply, int Consumed)? Parse(ReadOnlySpan<byte> arrived)
    {
        var lines = new List<string>();
        var (at, code) = (0, 0);
        while (true)
        {
            var rest = arrived[at..];
            var end = rest.IndexOf((byte)'\n');
            if (end >= MaxLine || (end < 0 && rest.Length >= MaxLine))
                throw new SmtpProtocolException("a line is too long");
            if (end < 0)
                return null;
            if (end < 4 || rest[end - 1] != '\r')
                throw new SmtpProtocolException("a line is too short, or doesn't end with CR LF");
            var line = rest[..(end - 1)];
            if (line.ContainsAnyInRange((byte)0, (byte)8) || line.ContainsAnyInRange((byte)10, (byte)31) || line.Contains((byte)127))
                throw new SmtpProtocolException("a line holds control characters");
            var last = CodeOf(line, lines.Count == 0 ? null : code, out code);
            lines.Add(Encoding.UTF8.GetString(line.Length > 4 ? line[4..] : []));
            at += end + 1;
            if (last)
                return (new SmtpReply(code, lines), at);
            if (lines.Count == MaxLines)
                throw new SmtpProtocolException("a reply has too many lines");
        }
    }

    /// <returns>Whether it is the reply's last line.</returns>
    private static bool CodeOf(ReadOnlySpan<byte> line, int? before, out int code)
    {
        if (line[0] is < (byte)'2' or > (byte)'5' || line[1] is < (byte)'0' or > (byte)'9' || line[2] is < (byte)'0' or > (byte)'9')
            throw new SmtpProtocolException("a line doesn't begin with a code");
        code = (100 * (line[0] - '0')) + (10 * (line[1] - '0')) + line[2] - '0';
        if (before is not null && before != code)
            throw new SmtpProtocolException("the lines of a reply have different codes");
        return line.Length == 3 || line[3] switch
        {
            (byte)' ' => true,
            (byte)'-' => false,
            _ => throw new SmtpProtocolException("a code is followed by neither a space nor a hyphen"),
        };
    }
}
