namespace Vouchsafe.Mail.Smtp;

/// <summary>What a server answered (RFC 5321, section 4.2): one code, one or more lines of text.</summary>
/// <param name="Code">200 to 599.</param>
/// <param name="Lines">Without code and separator. The server's own words: never logged, never stored.</param>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    public bool IsPositive => Code is >= 200 and < 300;

    public bool IsTransient => Code is >= 400 and < 500;

    /// <summary>The code with its enhanced status (RFC 3463) where the first line begins with one of its class: <c>550 5.1.1</c>.</summary>
    public string Status
    {
        get
        {
            var first = Lines[0].Split(' ', 2)[0];
            var parts = first.Split('.');
            return parts is [{ Length: 1 }, { Length: >= 1 and <= 3 }, { Length: >= 1 and <= 3 }]
                && parts.All(part => part.All(char.IsAsciiDigit)) && parts[0][0] - '0' == Code / 100
                ? $"{Code} {first}"
                : $"{Code}";
        }
    }
}

/// <summary>The server broke the protocol. Nothing that it said is repeated.</summary>
internal sealed class SmtpProtocolException(string what) : Exception($"The mail server broke the protocol: {what}.");
