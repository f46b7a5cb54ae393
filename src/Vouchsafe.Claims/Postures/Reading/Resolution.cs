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
                promised.Fill(control, layer.Name);

        var figures = promised.Freeze();
        foreach (var (control, figure) in Needed(document, places))
            if (!figures.TryGetValue(control.Id, out var given) || !given.Has(figure.Name))
                errors.Add(PostureFault.MissingFigure, places.GetValueOrDefault(control.Id, new Place(1, 1)), $"{control.Id} needs the figure {figure.Name}: {figure.Accepts}.");
        LeftOut(document, promised, figures, errors);
        if (!errors.Any)
            foreach (var given in figures.Values.Where(given => given.Control.Figures.All(figure => given.Has(figure.Name))))
                foreach (var rule in given.Control.Rules)
                    if (rule(given) is { } wrong)
                        errors.Add(PostureFault.Contradiction, places.GetValueOrDefault(given.Control.Id, new Place(1, 1)), $"{given.Control.Id}: {wrong}.");

        var claims = document.Claims.Select(claim => Claim(claim, document.Languages, figures, errors)).ToList();
        errors.ThrowIfAny();
        return new Posture(document.Name, document.Company!, [.. document.Languages.Select(language => language.Code)], claims, figures, CanonicalPosture.Text(document, figures));
    }

    /// <summary>Every figure of every built control, and of each planned control that the posture itself names.</summary>
    private static IEnumerable<(ControlDefinition Control, FigureDefinition Figure)> Needed(PostureDocument document, IReadOnlyDictionary<string, Place> named) =>
        ControlCatalogue.All
            .Where(control => control.Stage == Stage.Built ? document.Extends is not null || named.ContainsKey(control.Id) : named.ContainsKey(control.Id))
            .SelectMany(control => control.Figures.Select(figure => (control, figure)));

    /// <summary>
    /// A promised control is given all of its figures or none, and a figure that a claim's text says is the author's own: a line that was
    /// left out would else be filled in from the baseline without anybody noticing.
    /// </summary>
    private static void LeftOut(PostureDocument document, FigureLedger ledger, FrozenDictionary<string, Figures> figures, ErrorList errors)
    {
        bool Inherited(string control, string figure) =>
            figures.TryGetValue(control, out var given) && given.Has(figure) && !ledger.IsAuthors(control, figure);

        var told = new HashSet<(string Control, string Figure)>();
        foreach (var claim in document.Claims.Where(claim => claim.Withdrawn is null))
        {
            foreach (var control in claim.Controls)
                if (control.Control.Figures.Any(figure => ledger.IsAuthors(control.Control.Id, figure.Name)))
                    foreach (var figure in control.Control.Figures.Where(figure => Inherited(control.Control.Id, figure.Name)))
                        if (told.Add((control.Control.Id, figure.Name)))
                            errors.Add(PostureFault.MissingFigure, control.At,
                                $"{control.Control.Id} leaves out {figure.Name}: {figure.Accepts}. Give all figures of a control, or none.");
            foreach (var text in claim.Texts)
                foreach (var place in text.Template.Placeholders.Where(place => Inherited(place.Control, place.Figure)))
                    if (told.Add((place.Control, place.Figure)))
                        errors.Add(PostureFault.MissingFigure, text.At,
                            $"The text of {claim.Id} says {place}, which this posture doesn't give; the baseline's may change with the next version.");
        }
    }

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
