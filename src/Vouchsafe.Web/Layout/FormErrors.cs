using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Vouchsafe.Hosting.Requests;
using Vouchsafe.Identity.Passwords;
using Vouchsafe.Web.Languages;

namespace Vouchsafe.Web.Layout;

/// <summary>
/// What a form was refused for, as its page's address has it: <c>?error=email:form,password:too-short</c>, or the name of a refusal that
/// concerns no field. The same in every language, so that the page keeps it when the language changes. It is shown and decides nothing.
/// </summary>
public sealed partial class FormErrors
{
    private const int MostFields = 20;
    private readonly List<(string Field, string Code)> fields;

    private FormErrors(List<(string Field, string Code)> fields, string? refusal, int? minutes) =>
        (this.fields, Refusal, Minutes) = (fields, refusal, minutes);

    public static FormErrors None { get; } = new([], null, null);

    /// <summary>Why the whole form was refused, such as <c>wait</c>; null where fields are wrong, or nothing is.</summary>
    public string? Refusal { get; }

    /// <summary>How long to wait, where that is why.</summary>
    public int? Minutes { get; }

    public bool Any => Refusal is not null || fields.Count > 0;

    /// <summary>Those in the request's address.</summary>
    public static FormErrors Of(HttpRequest request)
    {
        if (request.Query["error"] is not [{ Length: > 0 and <= 400 } text]) return None;
        var parts = text.Split(',').Take(MostFields).Select(part => Form().Match(part)).Where(part => part.Success).ToList();
        var named = parts.Where(part => part.Groups["code"].Success)
            .Select(part => (part.Groups["name"].Value, part.Groups["code"].Value)).ToList();
        var refusal = named.Count == 0 && parts is [var only] ? only.Groups["name"].Value : null;
        return new FormErrors(named, refusal, PageWait.Minutes(request));
    }

    /// <summary>What to do about a field, in the page's language; null where it was right.</summary>
    /// <param name="field">As the form names it.</param>
    /// <param name="kind">As the words name it, where that is another name.</param>
    public string? Text(UiWords words, string field, string? kind = null)
    {
        if (fields.Find(wrong => wrong.Field == field).Code is not { } code) return null;
        var text = words.Or($"wrong.{kind ?? field}.{code}", words.Or("wrong." + code, words["wrong"]));
        return string.Format(words.Culture, text, PasswordRules.Shortest);
    }

    /// <summary>Whether this is the first wrong field of the form, which gets the focus.</summary>
    /// <param name="order">The form's fields, in its order.</param>
    public bool IsFirst(string field, params IEnumerable<string> order) =>
        order.FirstOrDefault(asked => fields.Exists(wrong => wrong.Field == asked)) == field;

    /// <summary>When to try again.</summary>
    public string WaitText(UiWords words) => Minutes is { } minutes
        ? words.Format("wait.minutes", minutes < 120 ? words.Format("in.minutes", minutes) : words.Format("in.hours", (minutes + 59) / 60))
        : words["wait"];

    [GeneratedRegex(@"\A(?<name>[A-Za-z][A-Za-z0-9-]{0,39})(?::(?<code>[a-z][a-z-]{0,39}))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
