using System.Collections.Frozen;
using Vouchsafe.Claims.Controls;
using Vouchsafe.Claims.Yaml;

namespace Vouchsafe.Claims.Postures.Reading;

/// <summary>Who gave which figure. A figure stands in a posture once; base documents fill in what it left open.</summary>
internal sealed class FigureLedger(ErrorList errors)
{
    private readonly Dictionary<string, Dictionary<string, (object Value, string From, Place At)>> given = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Place> places = new(StringComparer.Ordinal);

    /// <summary>Where the posture itself first names each control.</summary>
    public IReadOnlyDictionary<string, Place> Places => places;

    public void Add(ControlDraft draft, string from)
    {
        places.TryAdd(draft.Control.Id, draft.At);
        var figures = Of(draft.Control);
        foreach (var figure in draft.Figures)
        {
            if (figures.TryAdd(figure.Definition.Name, (figure.Value, from, figure.At))) continue;
            var first = figures[figure.Definition.Name];
            if (Same(figure, first.Value))
                errors.Add(PostureFault.FigureTwice, figure.At, $"{draft.Control.Id}: {figure.Definition.Name} stands in {first.From} (line {first.At.Line}) already; leave it out here.");
            else
                errors.Add(PostureFault.Contradiction, figure.At, $"{draft.Control.Id}: {from} gives {figure.Definition.Name} another value than {first.From} does in line {first.At.Line}; both can't be kept.");
        }
    }

    /// <param name="draft">What a base document gives.</param>
    /// <param name="document">The base document's name.</param>
    public void Fill(ControlDraft draft, string document)
    {
        var figures = Of(draft.Control);
        foreach (var figure in draft.Figures) figures.TryAdd(figure.Definition.Name, (figure.Value, document, figure.At));
    }

    /// <summary>
    /// Whether the posture or a base document of its author's gives the figure. What only the embedded baseline gives changes with the next
    /// version of this library, so nobody can promise it.
    /// </summary>
    public bool IsAuthors(string control, string figure) =>
        given.TryGetValue(control, out var figures) && figures.TryGetValue(figure, out var found) && found.From != BaseDocuments.Baseline;

    public FrozenDictionary<string, Figures> Freeze() => given.ToFrozenDictionary(
        pair => pair.Key,
        pair => new Figures(ControlCatalogue.Find(pair.Key)!, pair.Value.ToDictionary(figure => figure.Key, figure => figure.Value.Value)),
        StringComparer.Ordinal);

    public static Figures Only(ControlDraft draft) => new(draft.Control, draft.Figures.ToDictionary(figure => figure.Definition.Name, figure => figure.Value));

    private Dictionary<string, (object Value, string From, Place At)> Of(ControlDefinition control) =>
        given.TryGetValue(control.Id, out var figures) ? figures : given[control.Id] = new(StringComparer.Ordinal);

    private static bool Same(FigureDraft figure, object value) =>
        figure.Definition.Canonical(figure.Value).ToJsonString() == figure.Definition.Canonical(value).ToJsonString();
}
