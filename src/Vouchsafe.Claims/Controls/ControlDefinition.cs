using System.Collections.Frozen;
using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Claims.Controls;

/// <summary>Code that makes claims true, as postures see it: a name, and the figures it can be given.</summary>
/// <param name="Id"><c>area.name</c>, lower case with hyphens.</param>
/// <param name="Stage">Whether there is code and a check behind it yet.</param>
/// <param name="Meaning">What is true while the control works, in one sentence.</param>
public sealed record ControlDefinition(string Id, Stage Stage, string Meaning)
{
    private readonly FrozenDictionary<string, FigureDefinition> byName = FrozenDictionary<string, FigureDefinition>.Empty;

    /// <summary>The part before the dot.</summary>
    public string Area { get; } = Id[..Id.IndexOf('.', StringComparison.Ordinal)];

    /// <summary>In the order in which a reader expects them.</summary>
    public IReadOnlyList<FigureDefinition> Figures
    {
        get;
        init
        {
            field = value;
            byName = value.ToFrozenDictionary(figure => figure.Name, StringComparer.Ordinal);
        }
    } = [];

    /// <summary>What the figures must agree on among themselves; each rule returns what is wrong, or null.</summary>
    internal IReadOnlyList<Func<Figures, string?>> Rules { get; init; } = [];

    public FigureDefinition? Figure(string name) => byName.GetValueOrDefault(name);

    internal static ControlDefinition Built(string id, string meaning, params IReadOnlyList<FigureDefinition> figures) =>
        new(id, Stage.Built, meaning) { Figures = figures };

    internal static ControlDefinition Planned(string id, string meaning, params IReadOnlyList<FigureDefinition> figures) =>
        new(id, Stage.Planned, meaning) { Figures = figures };

    internal ControlDefinition Where(params IReadOnlyList<Func<Figures, string?>> rules) => this with { Rules = rules };
}
