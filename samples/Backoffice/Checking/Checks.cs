using System.Globalization;
using Vouchsafe.Hosting.Problems;

namespace Backoffice.Checking;

/// <summary>Collects what is wrong with which field of an input; all of it, so that one attempt shows everything.</summary>
internal sealed class Checks
{
    private readonly Dictionary<string, FieldProblem> errors = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, FieldProblem> Errors => errors;

    public bool Passed => errors.Count == 0;

    public void Demand(bool holds, string field, string wanted, string code = FieldCode.Form)
    {
        if (!holds) errors.TryAdd(field, new FieldProblem(code, wanted));
    }

    /// <summary>One line of text without control characters, in the form that composes accents (NFC).</summary>
    public string Line(string? text, string field, int longest, bool required = false)
    {
        // A lone surrogate can neither be normalised nor stored as UTF-8.
        if (text is not null && !IsWellFormed(text))
        {
            Demand(false, field, "Text.");
            return "";
        }
        var tidy = (text ?? "").Trim().Normalize();
        Demand(tidy.Length <= longest, field, $"Up to {longest} characters.", FieldCode.TooLong);
        Demand(!required || tidy.Length > 0, field, "Can't be empty.", FieldCode.Required);
        Demand(!tidy.Any(character => char.IsControl(character) || CharUnicodeInfo.GetUnicodeCategory(character) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator),
            field, "One line, without control characters.");
        return tidy;
    }

    /// <summary>A number within bounds, with no more decimals than the column keeps.</summary>
    public decimal Number(decimal number, string field, decimal least, decimal most, int decimals)
    {
        Demand(number >= least && number <= most, field, string.Create(CultureInfo.InvariantCulture, $"From {least} to {most}."), "range");
        Demand(decimal.Round(number, decimals) == number, field, $"At most {decimals} decimals.", "decimals");
        return number;
    }

    private static bool IsWellFormed(string text)
    {
        for (var at = 0; at < text.Length; at++)
            if (char.IsSurrogate(text[at]) && !(char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[++at])))
                return false;
        return true;
    }
}
