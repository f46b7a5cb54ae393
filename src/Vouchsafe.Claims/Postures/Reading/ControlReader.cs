using Vouchsafe.Claims.Controls;
using Vouchsafe.Claims.Yaml;

namespace Vouchsafe.Claims.Postures.Reading;

/// <summary>Reads controls with their figures, each held to the catalogue.</summary>
internal static class ControlReader
{
    public static List<ControlDraft> ReadAll(YamlMapping mapping, ErrorList errors)
    {
        var controls = new List<ControlDraft>();
        foreach (var entry in mapping.Entries)
        {
            if (ControlCatalogue.Find(entry.Key) is not { } control)
                errors.Add(PostureFault.UnknownControl, entry.At, $"There is no control \"{ErrorList.Shown(entry.Key)}\"{Nearest(entry.Key, ControlCatalogue.All.Select(known => known.Id))}.");
            else
                controls.Add(new ControlDraft(entry.At, control, Figures(control, entry.Value, errors)));
        }
        return controls;
    }

    private static List<FigureDraft> Figures(ControlDefinition control, YamlNode node, ErrorList errors)
    {
        var figures = new List<FigureDraft>();
        if (Shapes.Mapping(node, $"The figures of {control.Id}", errors) is not { } mapping) return figures;
        foreach (var entry in mapping.Entries)
        {
            if (control.Figure(entry.Key) is not { } definition)
                errors.Add(PostureFault.UnknownFigure, entry.At, $"{control.Id} has no figure \"{ErrorList.Shown(entry.Key)}\"; it has: {string.Join(", ", control.Figures.Select(figure => figure.Name))}.");
            else if (Value(definition, entry.Value) is not { } value)
                errors.Add(PostureFault.FigureOutOfBounds, entry.Value.At, $"{control.Id}: {definition.Name} must be {definition.Accepts}.");
            else
                figures.Add(new FigureDraft(entry.Value.At, definition, value));
        }
        return figures;
    }

    private static object? Value(FigureDefinition definition, YamlNode node) => node switch
    {
        YamlScalar scalar when !definition.IsList => definition.Read(scalar.Text, scalar.Plain),
        YamlSequence list when definition.IsList && list.Items.All(item => item is YamlScalar) =>
            definition.ReadList([.. list.Items.Select(item => ((YamlScalar)item).Text)]),
        _ => null,
    };

    /// <summary>A hint for a slip of the pen: a known word that shares its beginning.</summary>
    private static string Nearest(string word, IEnumerable<string> known)
    {
        var best = known.Select(candidate => (candidate, common: candidate.Zip(word).TakeWhile(pair => pair.First == pair.Second).Count())).MaxBy(pair => pair.common);
        return best.common >= 4 ? $"; is it {best.candidate}?" : "";
    }
}
