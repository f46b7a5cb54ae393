namespace Vouchsafe.Mail.Smtp;

/// <summary>What a server says that it can do, in its answer to EHLO (RFC 5321, section 4.1.1.1).</summary>
internal sealed record SmtpExtensions(bool StartTls, bool SmtpUtf8, IReadOnlyList<string> SignIns)
{
    public static SmtpExtensions Of(SmtpReply reply)
    {
        // The first line is the server's name.
        var offered = reply.Lines.Skip(1).Select(line => line.ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 0).ToList();
        return new SmtpExtensions(
            offered.Any(words => words[0] == "STARTTLS"), offered.Any(words => words[0] == "SMTPUTF8"),
            [.. offered.Where(words => words[0] == "AUTH").SelectMany(words => words.Skip(1))]);
    }
}
