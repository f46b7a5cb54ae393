using System.Globalization;

namespace Vouchsafe.Claims.Wording;

/// <summary>How figures are said in a language. A posture's texts are in some of these.</summary>
public sealed class Language
{
    private const char NoBreak = '\u00a0';
    private static readonly string[] UnitNames = ["seconds", "minutes", "hours", "days", "years"];
    private static readonly long[] UnitSeconds = [1, 60, 3_600, 86_400, 31_536_000];

    private readonly string and;
    private readonly string yes;
    private readonly string no;
    private readonly char thousands;
    private readonly Func<long, int> plural;
    private readonly string[][] units;

    private Language(string code, string name, string and, string yes, string no, char thousands, Func<long, int> plural, string[][] units) =>
        (Code, Name, this.and, this.yes, this.no, this.thousands, this.plural, this.units) = (code, name, and, yes, no, thousands, plural, units);

    /// <summary>ISO 639-1.</summary>
    public string Code { get; }

    /// <summary>Its name in itself.</summary>
    public string Name { get; }

    public static IReadOnlyList<Language> All { get; } =
    [
        new("en", "English", "and", "yes", "no", ',', OneOrMore,
            [["second", "seconds"], ["minute", "minutes"], ["hour", "hours"], ["day", "days"], ["year", "years"]]),
        new("et", "eesti", "ja", "jah", "ei", NoBreak, OneOrMore,
            [["sekund", "sekundit"], ["minut", "minutit"], ["tund", "tundi"], ["päev", "päeva"], ["aasta", "aastat"]]),
        new("fr", "français", "et", "oui", "non", NoBreak, count => count > 1 ? 1 : 0,
            [["seconde", "secondes"], ["minute", "minutes"], ["heure", "heures"], ["jour", "jours"], ["an", "ans"]]),
        new("uk", "українська", "та", "так", "ні", NoBreak, Slavic,
            [["секунда", "секунди", "секунд"], ["хвилина", "хвилини", "хвилин"], ["година", "години", "годин"], ["день", "дні", "днів"], ["рік", "роки", "років"]]),
        new("es", "español", "y", "sí", "no", NoBreak, OneOrMore,
            [["segundo", "segundos"], ["minuto", "minutos"], ["hora", "horas"], ["día", "días"], ["año", "años"]]),
    ];

    public static Language? Find(string code) => All.FirstOrDefault(language => language.Code == code);

    internal string Flag(bool value) => value ? yes : no;

    internal string List(IReadOnlyList<string> items) => items.Count switch
    {
        0 => "–",
        1 => items[0],
        _ => string.Join(", ", items.Take(items.Count - 1)) + " " + and + " " + items[^1],
    };

    /// <summary>Grouped by thousands from 10,000 on.</summary>
    internal string Number(long value)
    {
        var digits = value.ToString(CultureInfo.InvariantCulture);
        if (digits.Length < 5) return digits;
        for (var at = digits.Length - 3; at > 0; at -= 3) digits = digits.Insert(at, thousands.ToString());
        return digits;
    }

    /// <param name="value">Whole seconds.</param>
    /// <param name="format">A unit ("hours": the bare number of hours, so that the text can decline the word itself), or null: number and word, in the largest unit that fits.</param>
    /// <returns>Null where the unit is unknown or doesn't divide the duration.</returns>
    internal string? Duration(TimeSpan value, string? format)
    {
        var total = (long)value.TotalSeconds;
        if (format is not null)
            return Array.IndexOf(UnitNames, format) is var wanted and >= 0 && total % UnitSeconds[wanted] == 0 ? Number(total / UnitSeconds[wanted]) : null;
        var unit = total == 0 ? 0 : Array.FindLastIndex(UnitSeconds, seconds => total % seconds == 0);
        var count = total / UnitSeconds[unit];
        return Number(count) + NoBreak + units[unit][plural(count)];
    }

    private static int OneOrMore(long count) => count == 1 ? 0 : 1;

    private static int Slavic(long count) => (count % 10, count % 100) switch
    {
        (1, not 11) => 0,
        (>= 2 and <= 4, not (>= 12 and <= 14)) => 1,
        _ => 2,
    };
}
