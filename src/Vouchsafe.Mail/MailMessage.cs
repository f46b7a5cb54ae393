using Vouchsafe.Mail.Messages;

namespace Vouchsafe.Mail;

/// <summary>A mail to one recipient.</summary>
/// <param name="To">One address, without a display name.</param>
/// <param name="Subject">One line of 1 to <see cref="MaxSubject"/> characters.</param>
/// <param name="Text">The plain text, which every message has.</param>
/// <param name="Html">The same as HTML, for mail clients that prefer it; null: text alone.</param>
public sealed record MailMessage(string To, string Subject, string Text, string? Html = null)
{
    public const int MaxSubject = 200;

    /// <summary>The longest text or HTML, in characters.</summary>
    public const int MaxBody = 100_000;

    /// <summary>Personal data and links that sign people in: a message doesn't print itself.</summary>
    public override string ToString() => "mail message";

    /// <summary>Whether a message can be addressed to it.</summary>
    public static bool IsAddress(string? address) => MailAddress.IsAddress(address);

    /// <exception cref="InvalidMailException">A part can't stand in a mail. The message names the part, never its value.</exception>
    internal MailAddress Validate()
    {
        if (string.IsNullOrWhiteSpace(Subject) || Subject.Length > MaxSubject)
            throw new InvalidMailException($"The subject has 1 to {MaxSubject} characters.");
        if (Subject.Any(char.IsControl) || !IsWellFormed(Subject))
            throw new InvalidMailException("The subject is one line without control characters.");
        if (!IsBody(Text) || (Html is not null && !IsBody(Html)))
            throw new InvalidMailException($"The text (and the HTML) has 1 to {MaxBody} characters and no control characters but tab and line ends.");
        return MailAddress.Parse(To);
    }

    private static bool IsBody(string text) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= MaxBody && IsWellFormed(text)
        && !text.Any(character => char.IsControl(character) && character is not ('\t' or '\r' or '\n'));

    /// <summary>Without lone surrogates, which UTF-8 can't carry.</summary>
    private static bool IsWellFormed(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (!char.IsSurrogate(text[at]))
                continue;
            if (!char.IsSurrogatePair(text, at))
                return false;
            at++;
        }
        return true;
    }
}

/// <summary>A message that can't be sent as it is: an address, a subject or a text breaks the rules of a mail. A mistake of the caller.</summary>
public sealed class InvalidMailException(string message) : Exception(message);
