using System.Globalization;
using System.Text.RegularExpressions;
using Vouchsafe.Claims.Yaml;

namespace Vouchsafe.Claims.Postures.Reading;

/// <summary>Takes nodes for what they should be, and says so where they aren't.</summary>
internal static class Shapes
{
    /// <summary>Nobody promised anything about software as a service before.</summary>
    private const int FirstYear = 1990;

    public static YamlMapping? Mapping(YamlNode? node, string what, ErrorList errors)
    {
        if (node is YamlMapping mapping) return mapping;
        if (node is not null) errors.Add(PostureFault.WrongShape, node.At, $"{what} must be a mapping of keys to values.");
        return null;
    }

    public static YamlSequence? Sequence(YamlNode? node, string what, ErrorList errors)
    {
        if (node is YamlSequence sequence) return sequence;
        if (node is not null) errors.Add(PostureFault.WrongShape, node.At, $"{what} must be a list.");
        return null;
    }

    public static string? Text(YamlNode? node, string what, int longest, Regex? form, ErrorList errors)
    {
        switch (node)
        {
            case null:
                return null;
            case YamlScalar { Text: var text } when text.Any(char.IsLetterOrDigit) && text.Length <= longest && !text.Any(IsHidden) && (form is null || form.IsMatch(text)):
                return text;
            case YamlScalar:
                errors.Add(PostureFault.InvalidValue, node.At, $"{what} must be one line of 1 to {longest} characters with a letter or digit among them" + (form is null ? "." : $" of the form {form}."));
                return null;
            default:
                errors.Add(PostureFault.WrongShape, node.At, $"{what} must be a single value.");
                return null;
        }
    }

    public static DateOnly? Date(YamlNode? node, string what, ErrorList errors)
    {
        if (node is null) return null;
        if (node is YamlScalar { Text: var text } && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            && date.Year >= FirstYear)
            return date;
        errors.Add(PostureFault.InvalidValue, node.At, $"{what} must be a date like 2026-01-31, of {FirstYear} or later.");
        return null;
    }

    /// <summary>Control characters, and those that turn the direction of what follows them: a reader would see another text than a machine reads.</summary>
    private static bool IsHidden(char letter) => char.IsControl(letter) || letter is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    /// <summary>Complains about keys that are not among the known ones, and about required ones that are missing.</summary>
    public static void Keys(YamlMapping mapping, string what, IReadOnlyList<string> required, IReadOnlyList<string> optional, ErrorList errors)
    {
        foreach (var entry in mapping.Entries)
            if (!required.Contains(entry.Key) && !optional.Contains(entry.Key))
                errors.Add(PostureFault.UnknownKey, entry.At, $"{what} has no \"{ErrorList.Shown(entry.Key)}\"; it may have: {string.Join(", ", required.Concat(optional))}.");
        foreach (var key in required)
            if (mapping[key] is null)
                errors.Add(PostureFault.MissingKey, mapping.At, $"{what} needs \"{key}\".");
    }
}
