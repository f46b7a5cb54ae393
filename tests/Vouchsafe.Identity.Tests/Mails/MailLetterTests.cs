using System.Text;
using System.Text.RegularExpressions;
using Vouchsafe.Hosting.Languages;
using Vouchsafe.Identity.Mails;
using Vouchsafe.Mail;
using Vouchsafe.Mail.Messages;
using Xunit;

namespace Vouchsafe.Identity.Tests.Mails;

/// <summary>Each kind of mail in each language of the pages, as text, as HTML and as it travels.</summary>
public sealed partial class MailLetterTests
{
    private const string Link = "https://app.example/invitation?token=abc&x=1";
    private const string Company = "Käo & <b>Pojad</b> OÜ \"Ü\"";
    private static readonly DateTimeOffset Time = new(2026, 3, 4, 15, 6, 0, TimeSpan.Zero);

    public static TheoryData<string, string> Rows => new(PageLanguage.All.SelectMany(language => Kinds("en").Select(kind => (kind, language))));

    public static TheoryData<string> Languages => new(PageLanguage.All);

    [Theory, MemberData(nameof(Languages))]
    public void A_language_has_the_texts_of_English_with_their_places_and_no_English_left(string language)
    {
        Assert.Equal(MailTexts.Keys("en").Order(StringComparer.Ordinal), MailTexts.Keys(language).Order(StringComparer.Ordinal));
        foreach (var key in MailTexts.Keys("en").Where(key => key != "time"))
        {
            var (english, text) = (MailTexts.Text("en", key), MailTexts.Text(language, key));
            Assert.Equal(Place().Matches(english).Select(place => place.Value).Order(StringComparer.Ordinal), Place().Matches(text).Select(place => place.Value).Order(StringComparer.Ordinal));
            if (language != "en") Assert.NotEqual(english, text);
        }
    }

    [Theory, MemberData(nameof(Rows))]
    public void A_mail_says_the_same_in_both_parts_and_its_subject_is_safe_in_a_header(string kind, string language)
    {
        var mail = Letter(kind, language).To("anna@example.org");
        Assert.Contains("Backoffice Pro", mail.Subject, StringComparison.Ordinal);
        Assert.DoesNotContain('{', mail.Subject + mail.Text + mail.Html);
        Assert.StartsWith($"<!DOCTYPE html>\n<html lang=\"{language}\">", mail.Html, StringComparison.Ordinal);
        Assert.Contains(MailTexts.Optional(language, kind + ".action") is null ? "</p>" : $"\n{Link}\n", mail.Text + "</p>", StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("token=abc&x", mail.Html, StringComparison.Ordinal);
        // Every paragraph of the text is one of the HTML.
        var html = System.Net.WebUtility.HtmlDecode(mail.Html!);
        Assert.All(mail.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(paragraph => !paragraph.Contains(Link, StringComparison.Ordinal)),
            paragraph => Assert.Contains($"<p>{paragraph.TrimEnd('\n')}</p>", html, StringComparison.Ordinal));

        var bytes = MessageWriter.Write(new OutgoingMail(Guid.Empty, Time, mail), Options);
        Assert.DoesNotContain(bytes, octet => octet > 127);
        var message = Encoding.ASCII.GetString(bytes);
        Assert.All(message.Split("\r\n\r\n")[0].Split("\r\n"), line => Assert.True(line.Length <= 78, line));
        Assert.Equal(mail.Subject, Decoded(message));
    }

    [Theory]
    [InlineData("en", "4 March 2026, 15:06 UTC")]
    [InlineData("et", "4. märts 2026 kell 15:06 UTC")]
    [InlineData("es", "4 de marzo de 2026, 15:06 UTC")]
    [InlineData("fr", "4 mars 2026 à 15:06 UTC")]
    [InlineData("uk", "4 березня 2026 року, 15:06 UTC")]
    public void A_moment_reads_as_the_language_writes_it(string language, string text)
    {
        Assert.Equal(text, MailTexts.Moment(language, Time));
        Assert.Contains(text, Letter("invitation", language).To("anna@example.org").Text, StringComparison.Ordinal);
    }

    private static SmtpOptions Options { get; } = new() { Host = "mail.example", Port = 465, Tls = SmtpTls.Implicit, From = "no-reply@app.example" };

    private static MailLetter Letter(string kind, string language) =>
        new(kind, language, "Backoffice Pro", Company, Time, MailTexts.Optional(language, kind + ".action") is null ? null : Link);

    private static IEnumerable<string> Kinds(string language) =>
        MailTexts.Keys(language).Where(key => key.EndsWith(".subject", StringComparison.Ordinal)).Select(key => key[..^".subject".Length]);

    /// <summary>The Subject field's encoded words (RFC 2047), put together again.</summary>
    private static string Decoded(string message)
    {
        var field = Subject().Match(message).Groups[1].Value;
        var words = Word().Matches(field);
        return words.Count == 0 ? field : string.Concat(words.Select(word => Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups[1].Value))));
    }

    [GeneratedRegex(@"\{[0-9]\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"\r\nSubject: (.*?)\r\n(?! )", RegexOptions.Singleline)]
    private static partial Regex Subject();

    [GeneratedRegex(@"=\?utf-8\?B\?([^?]+)\?=")]
    private static partial Regex Word();
}
