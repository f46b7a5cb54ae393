using System.Text.Json.Nodes;
using Vouchsafe.Claims.Wording;

namespace Vouchsafe.Claims.Controls;

/// <summary>A figure that a control can be given: its name, its type, and the bounds within which the control can keep it.</summary>
/// <param name="Name">Lower case with hyphens.</param>
/// <param name="Meaning">What it says, with its unit.</param>
public abstract record FigureDefinition(string Name, string Meaning)
{
    /// <summary>What a posture may write, for an error message: "a whole number from 1 to 60".</summary>
    public abstract string Accepts { get; }

    /// <summary>Reads one scalar, or refuses it. A list figure reads its items through <see cref="ReadList"/>.</summary>
    /// <param name="text">The scalar as it stands.</param>
    /// <param name="plain">Whether it stands without quotes: numbers and flags must.</param>
    /// <returns>The value, or null where the figure can't be that.</returns>
    internal virtual object? Read(string text, bool plain) => null;

    internal virtual bool IsList => false;

    internal virtual IReadOnlyList<string>? ReadList(IReadOnlyList<string> items) => null;

    /// <summary>The value as canonical JSON: durations in whole seconds.</summary>
    internal abstract JsonNode Canonical(object value);

    /// <summary>The value as a person writes it in that language.</summary>
    /// <param name="value">As <see cref="Read"/> returned it.</param>
    /// <param name="format">What stood behind the colon of the placeholder, or null.</param>
    /// <param name="language">Whose words.</param>
    /// <returns>Null where the figure has no such format.</returns>
    internal abstract string? Say(object value, string? format, Language language);

    /// <summary>The figure in JSON Schema (2020-12).</summary>
    internal abstract JsonObject Schema();
}
