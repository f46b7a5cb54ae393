using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Controls;
using Vouchsafe.Claims.Wording;

namespace Vouchsafe.Claims.Postures;

/// <summary>The figures of one control, typed and bounded as the catalogue says. Immutable.</summary>
/// <remarks>Asking for a figure that the control doesn't have, or as another type, is a mistake in code: <see cref="KeyNotFoundException"/> or <see cref="InvalidCastException"/>.</remarks>
public sealed class Figures
{
    private readonly FrozenDictionary<string, object> values;

    internal Figures(ControlDefinition control, IReadOnlyDictionary<string, object> values) =>
        (Control, this.values) = (control, values.ToFrozenDictionary(StringComparer.Ordinal));

    public ControlDefinition Control { get; }

    /// <summary>A whole number; of a choice between numbers (301, 308) the one chosen.</summary>
    public long Integer(string name) => Value(name) is string choice && Control.Figure(name) is ChoiceFigure
        ? long.Parse(choice, NumberStyles.None, CultureInfo.InvariantCulture)
        : (long)Value(name);

    public TimeSpan Duration(string name) => (TimeSpan)Value(name);

    public bool Flag(string name) => (bool)Value(name);

    public string Choice(string name) => (string)Value(name);

    public IReadOnlyList<string> Choices(string name) => (IReadOnlyList<string>)Value(name);

    public string Text(string name) => (string)Value(name);

    /// <summary>Whether the posture gives it: a planned control may have figures that nobody promised.</summary>
    public bool Has(string name) => values.ContainsKey(name);

    /// <summary>The figures as JSON with their names in order; durations in seconds.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach (var (name, value) in values.OrderBy(pair => pair.Key, StringComparer.Ordinal)) json[name] = Control.Figure(name)!.Canonical(value);
        return json;
    }

    internal string? Say(string name, string? format, Language language) =>
        values.TryGetValue(name, out var value) ? Control.Figure(name)!.Say(value, format, language) : null;

    private object Value(string name) => values.TryGetValue(name, out var value) ? value
        : throw new KeyNotFoundException($"{Control.Id} has no figure \"{name}\" in this posture.");
}
