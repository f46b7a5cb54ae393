using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vouchsafe.Claims.Wording;

namespace Vouchsafe.Claims.Controls;

/// <summary>A whole number within bounds, both included.</summary>
public sealed record IntegerFigure(string Name, long Least, long Most, string Meaning) : FigureDefinition(Name, Meaning)
{
    private const int MostDigits = 15;

    public override string Accepts => string.Create(CultureInfo.InvariantCulture, $"a whole number from {Least} to {Most}, without quotes");

    internal override object? Read(string text, bool plain) =>
        plain && text.Length is > 0 and <= MostDigits && !text.AsSpan().ContainsAnyExceptInRange('0', '9') && (text[0] != '0' || text.Length == 1)
            && long.Parse(text, CultureInfo.InvariantCulture) is var number && number >= Least && number <= Most ? number : null;

    internal override JsonNode Canonical(object value) => JsonValue.Create((long)value);

    internal override string? Say(object value, string? format, Language language) => format is null ? language.Number((long)value) : null;

    internal override JsonObject Schema() => new() { ["type"] = "integer", ["minimum"] = Least, ["maximum"] = Most, ["description"] = Meaning };
}

/// <summary>A duration in whole seconds within bounds, both included.</summary>
public sealed record DurationFigure(string Name, TimeSpan Least, TimeSpan Most, string Meaning) : FigureDefinition(Name, Meaning)
{
    internal DurationFigure(string name, string least, string most, string meaning) : this(name, Of(least), Of(most), meaning)
    {
    }

    public override string Accepts => $"a duration from {DurationText.Format(Least)} to {DurationText.Format(Most)}, written like 60s, 15m, 24h, 14d or 1y";

    internal override object? Read(string text, bool plain) =>
        DurationText.TryParse(text, out var duration) && duration >= Least && duration <= Most ? duration : null;

    internal override JsonNode Canonical(object value) => JsonValue.Create((long)((TimeSpan)value).TotalSeconds);

    internal override string? Say(object value, string? format, Language language) => language.Duration((TimeSpan)value, format);

    internal override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^(0|[1-9][0-9]{0,8})[smhdy]$", ["description"] = $"{Meaning} {DurationText.Format(Least)} to {DurationText.Format(Most)}." };

    private static TimeSpan Of(string text) => DurationText.TryParse(text, out var duration) ? duration : throw new FormatException(text);
}

/// <summary>True or false.</summary>
/// <param name="Always">Where not null: the one value that the control can keep.</param>
public sealed record FlagFigure(string Name, string Meaning, bool? Always = null) : FigureDefinition(Name, Meaning)
{
    public override string Accepts => Always switch { true => "true (nothing else can be kept)", false => "false (nothing else can be kept)", _ => "true or false, without quotes" };

    internal override object? Read(string text, bool plain) => (plain, text) switch
    {
        (true, "true") when Always is not false => true,
        (true, "false") when Always is not true => false,
        _ => null,
    };

    internal override JsonNode Canonical(object value) => JsonValue.Create((bool)value);

    internal override string? Say(object value, string? format, Language language) => format is null ? language.Flag((bool)value) : null;

    internal override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "boolean", ["description"] = Meaning };
        if (Always is { } only) schema["const"] = only;
        return schema;
    }
}

/// <summary>One of several words.</summary>
public sealed record ChoiceFigure(string Name, IReadOnlyList<string> Options, string Meaning) : FigureDefinition(Name, Meaning)
{
    public override string Accepts => "one of: " + string.Join(", ", Options);

    internal override object? Read(string text, bool plain) => Options.Contains(text, StringComparer.Ordinal) ? text : null;

    internal override JsonNode Canonical(object value) => JsonValue.Create((string)value);

    internal override string? Say(object value, string? format, Language language) => format is null ? (string)value : null;

    internal override JsonObject Schema() => new() { ["enum"] = ListFigure.Enumeration(Options), ["description"] = Meaning };
}

/// <summary>Several words, each once, in the order written: from a closed set, or of a form.</summary>
/// <param name="Options">The closed set; empty where any word of the form will do.</param>
/// <param name="Form">The form of each word.</param>
/// <param name="Fewest">The fewest that make sense.</param>
/// <param name="Most">The most.</param>
public sealed record ListFigure(string Name, IReadOnlyList<string> Options, Regex? Form, int Fewest, int Most, string Meaning) : FigureDefinition(Name, Meaning)
{
    internal static ListFigure Of(string name, IReadOnlyList<string> options, string meaning) => new(name, options, null, 1, options.Count, meaning);

    internal static ListFigure Like(string name, Regex form, int fewest, int most, string meaning) => new(name, [], form, fewest, most, meaning);

    public override string Accepts => Form is null
        ? $"a list of at least {Fewest}, each once, of: {string.Join(", ", Options)}"
        : $"a list of {Fewest} to {Most} words, each once, of the form {Form}";

    internal override bool IsList => true;

    internal override IReadOnlyList<string>? ReadList(IReadOnlyList<string> items) =>
        items.Count >= Fewest && items.Count <= Most && items.Distinct(StringComparer.Ordinal).Count() == items.Count
            && items.All(item => Form is null ? Options.Contains(item, StringComparer.Ordinal) : !item.Any(char.IsControl) && Form.IsMatch(item)) ? items : null;

    internal override JsonNode Canonical(object value) => new JsonArray([.. ((IReadOnlyList<string>)value).Select(item => (JsonNode)item)]);

    internal override string? Say(object value, string? format, Language language) => format is null ? language.List((IReadOnlyList<string>)value) : null;

    internal override JsonObject Schema() => new()
    {
        ["type"] = "array",
        ["items"] = Form is null ? new JsonObject { ["enum"] = Enumeration(Options) } : new JsonObject { ["type"] = "string", ["pattern"] = Form.ToString() },
        ["minItems"] = Fewest,
        ["maxItems"] = Most,
        ["uniqueItems"] = true,
        ["description"] = Meaning,
    };

    /// <summary>Options that look like numbers are offered as such too: an editor reads an unquoted 1.2 or 301 as a number.</summary>
    internal static JsonArray Enumeration(IReadOnlyList<string> options)
    {
        var all = new JsonArray();
        foreach (var option in options)
        {
            all.Add((JsonNode)option);
            if (decimal.TryParse(option, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) all.Add((JsonNode)number);
        }
        return all;
    }
}

/// <summary>A line of text of a form.</summary>
public sealed record TextFigure(string Name, Regex Form, int Longest, string Meaning) : FigureDefinition(Name, Meaning)
{
    public override string Accepts => $"at most {Longest} characters of the form {Form}";

    internal override object? Read(string text, bool plain) => text.Length <= Longest && !text.Any(char.IsControl) && Form.IsMatch(text) ? text : null;

    internal override JsonNode Canonical(object value) => JsonValue.Create((string)value);

    internal override string? Say(object value, string? format, Language language) => format is null ? (string)value : null;

    internal override JsonObject Schema() => new() { ["type"] = "string", ["maxLength"] = Longest, ["pattern"] = Form.ToString(), ["description"] = Meaning };
}
