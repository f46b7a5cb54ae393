using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Vouchsafe.Mail;

namespace Vouchsafe.Identity.Mails;

/// <summary>One mail of a kind in a language: a subject, what happened, what to do about it, and what else there is to know.</summary>
/// <param name="Kind">The first part of its texts' keys.</param>
/// <param name="Language">ISO 639-1, one of the pages' languages.</param>
/// <param name="Product">The posture's.</param>
/// <param name="Company">As somebody typed it: shown as text in either part, never as markup.</param>
/// <param name="Time">When something happened, or until when the link works.</param>
/// <param name="Address">What the reader follows; null where there is nothing to do.</param>
internal sealed record MailLetter(string Kind, string Language, string Product, string Company, DateTimeOffset Time, string? Address)
{
    // Letters stay letters in every script; what has a meaning in HTML doesn't.
    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>The mail, as plain text and as HTML without images, styles or anything else that is fetched.</summary>
    public MailMessage To(string address)
    {
        var (text, html) = (new StringBuilder(), new StringBuilder());
        html.Append(CultureInfo.InvariantCulture, $"<!DOCTYPE html>\n<html lang=\"{Language}\">\n<head><meta charset=\"utf-8\">");
        html.Append(CultureInfo.InvariantCulture, $"<title>{Html.Encode(Filled("subject")!)}</title></head>\n<body>\n");
        Paragraph(Filled("intro")!);
        if (Address is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Filled("action")}:\n{Address}\n\n");
            html.Append(CultureInfo.InvariantCulture, $"<p><a href=\"{Html.Encode(Address)}\">{Html.Encode(Filled("action")!)}</a></p>\n");
            html.Append(CultureInfo.InvariantCulture, $"<p>{Html.Encode(Address)}</p>\n");
        }
        if (Filled("outro") is { } outro) Paragraph(outro);
        html.Append("</body>\n</html>\n");
        return new MailMessage(address, Filled("subject")!, text.ToString().TrimEnd('\n') + "\n", html.ToString());

        void Paragraph(string words)
        {
            text.Append(words).Append("\n\n");
            html.Append(CultureInfo.InvariantCulture, $"<p>{Html.Encode(words)}</p>\n");
        }
    }

    public override string ToString() => $"{Kind} mail";

    private string? Filled(string part) => MailTexts.Optional(Language, $"{Kind}.{part}") is { } text
        ? string.Format(CultureInfo.InvariantCulture, text, Product, Company, MailTexts.Moment(Language, Time))
        : part == "outro" ? null : throw new KeyNotFoundException($"There is no text \"{Kind}.{part}\".");
}
