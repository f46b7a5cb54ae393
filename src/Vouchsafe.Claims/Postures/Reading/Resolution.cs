using System.Collections.Frozen;
using Vouchsafe.Claims.Controls;
using Vouchsafe.Claims.Wording;
using Vouchsafe.Claims.Yaml;

namespace Vouchsafe.Claims.Postures.Reading;

/// <summary>Puts claims, settings and base documents together, and refuses what can't be true at once.</summary>
internal static class Resolution
{
    public static Posture Resolve(PostureDocument document, IReadOnlyList<PostureDocument> layers, ErrorList errors)
    {
        var promised = new FigureLedger(errors);
        foreach (var claim in document.Claims.Where(claim => claim.Withdrawn is null))
            foreach (var control in claim.Controls)
                promised.Add(control, claim.Id);
        foreach (var control in document.Settings) promised.Add(control, "the settings");
        var places = promised.Places;
        foreach (var layer in layers)
            foreach (var control in layer.Settings)
                promised.Fill(control);

        var figures = promised.Freeze();
        foreach (var (control, figure) in Needed(document, places))
            if (!figures.TryGetValue(control.Id, out var given) || !given.Has(figure.Name))
                errors.Add(PostureFault.MissingFigure, places.GetValueOrDefault(control.Id, new Place(1, 1)), $"{control.Id} needs the figure {figure.Name}: {figure.Accepts}.");
        if (!errors.Any)
            foreach (var given in figures.Values.Where(given => given.Control.Figures.All(figure => given.Has(figure.Name))))
                foreach (var rule in given.Control.Rules)
                    if (rule(given) is { } wrong)
                        errors.Add(PostureFault.Contradiction, places.GetValueOrDefault(given.Control.Id, new Place(1, 1)), $"{given.Control.Id}: {wrong}.");

        var claims = document.Claims.Select(claim => Claim(claim, document.Languages, figures, errors)).ToList();
        errors.ThrowIfAny();
        return new Posture(document.Name, document.Company!, [.. document.Languages.Select(language => language.Code)], claims, figures, CanonicalPosture.Hash(document, figures));
    }

    /// <summary>Every figure of every built control, and of each planned control that the posture itself names.</summary>
    private static IEnumerable<(ControlDefinition Control, FigureDefinition Figure)> Needed(PostureDocument document, IReadOnlyDictionary<string, Place> named) =>
        ControlCatalogue.All
            .Where(control => control.Stage == Stage.Built ? document.Extends is not null || named.ContainsKey(control.Id) : named.ContainsKey(control.Id))
            .SelectMany(control => control.Figures.Select(figure => (control, figure)));

    private static ClaimDefinition Claim(ClaimDraft draft, IReadOnlyList<Language> languages, FrozenDictionary<string, Figures> figures, ErrorList errors)
    {
        var own = draft.Withdrawn is null ? null : draft.Controls.ToDictionary(control => control.Control.Id, FigureLedger.Only);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in draft.Texts)
        {
            var language = languages.First(language => language.Code == text.Language);
            texts[text.Language] = text.Template.Render(place =>
            {
                var said = own?.GetValueOrDefault(place.Control)?.Say(place.Figure, place.Format, language)
                    ?? figures.GetValueOrDefault(place.Control)?.Say(place.Figure, place.Format, language);
                if (said is null)
                    errors.Add(PostureFault.UnknownPlaceholder, text.At, $"{ErrorList.Shown(place.ToString())} in the text of {draft.Id} names no figure that this posture gives, or can't be said in that unit.");
                return said ?? "";
            });
        }
        return new ClaimDefinition(texts.ToFrozenDictionary(StringComparer.Ordinal), languages.Count > 0 ? languages[0].Code : "")
        {
            Id = draft.Id,
            Kind = draft.Kind,
            Area = draft.Area,
            Controls = [.. draft.Controls.Select(control => control.Control.Id)],
            Since = draft.Since,
            Withdrawn = draft.Withdrawn is { } withdrawn ? new Withdrawal(withdrawn.Date, withdrawn.Reasons) : null,
        };
    }
}
