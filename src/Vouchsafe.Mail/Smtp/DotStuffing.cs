namespace Vouchsafe.Mail.Smtp;

/// <summary>RFC 5321, section 4.5.2: a line that begins with a dot gets another, and a dot alone ends the message.</summary>
internal static class DotStuffing
{
    /// <param name="content">Lines that each end with CR LF.</param>
    public static byte[] Apply(ReadOnlySpan<byte> content)
    {
        var stuffed = new List<byte>(content.Length + 16);
        var lineStarts = true;
        foreach (var value in content)
        {
            if (lineStarts && value == '.')
                stuffed.Add((byte)'.');
            stuffed.Add(value);
            lineStarts = value == '\n';
        }

        stuffed.AddRange(".\r\n"u8);
        return [.. stuffed];
    }
}
