using System.Globalization;
using System.Text;

namespace Vouchsafe.Mail.Messages;

/// <summary>A message as it travels: RFC 5322 and 2045, in 7 bits but for an address that needs more. The same bytes at each attempt.</summary>
internal static class MessageWriter
{
    /// <exception cref="InvalidMailException">It can't stand in a mail.</exception>
    public static byte[] Write(OutgoingMail mail, SmtpOptions options)
    {
        var recipient = mail.Message.Validate();
        var sender = MailAddress.Parse(options.From);
        var text = new StringBuilder();
        Field(text, "Date", mail.Date.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture));
        Field(text, "From", options.FromName is { } name ? $"{HeaderText.Phrase(name)}\r\n <{sender.Value}>" : $"<{sender.Value}>");
        Field(text, "To", $"<{recipient.Value}>");
        Field(text, "Message-ID", $"<{mail.Id:N}@{sender.Domain}>");
        Field(text, "Subject", HeaderText.Unstructured(mail.Message.Subject));
        // No answer from machines, please (RFC 3834, section 5; the second is what Exchange reads).
        Field(text, "Auto-Submitted", "auto-generated");
        Field(text, "X-Auto-Response-Suppress", "All");
        Field(text, "MIME-Version", "1.0");
        if (mail.Message.Html is null)
        {
            Part(text, "plain", mail.Message.Text);
            return Encoding.UTF8.GetBytes(text.ToString());
        }

        // "=_" can't stand in quoted-printable text (RFC 2045, section 6.7).
        var boundary = $"=_{mail.Id:N}";
        Field(text, "Content-Type", $"multipart/alternative;\r\n boundary=\"{boundary}\"");
        text.Append("\r\n");
        text.Append("--").Append(boundary).Append("\r\n");
        Part(text, "plain", mail.Message.Text);
        text.Append("\r\n--").Append(boundary).Append("\r\n");
        Part(text, "html", mail.Message.Html);
        text.Append("\r\n--").Append(boundary).Append("--\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Part(StringBuilder text, string kind, string body)
    {
        Field(text, "Content-Type", $"text/{kind}; charset=utf-8");
        Field(text, "Content-Transfer-Encoding", "quoted-printable");
        text.Append("\r\n");
        QuotedPrintable.Append(text, body);
        text.Append("\r\n");
    }

    private static void Field(StringBuilder text, string name, string value) => text.Append(name).Append(": ").Append(value).Append("\r\n");
}
