using Vouchsafe.Claims.Controls;
using Vouchsafe.Claims.Wording;
using Vouchsafe.Claims.Yaml;

namespace Vouchsafe.Claims.Postures.Reading;

/// <summary>A posture or base document as it was written: of the right shape, but not yet checked against anything else.</summary>
internal sealed record PostureDocument(
    string Name, Place NameAt, string? Extends, Place ExtendsAt, Company? Company, IReadOnlyList<Language> Languages, IReadOnlyList<ClaimDraft> Claims, IReadOnlyList<ControlDraft> Settings);

internal sealed record ClaimDraft(
    string Id, Place At, ClaimKind Kind, string Area, IReadOnlyList<TextDraft> Texts, IReadOnlyList<ControlDraft> Controls, DateOnly? Since, WithdrawalDraft? Withdrawn);

internal sealed record WithdrawalDraft(DateOnly Date, IReadOnlyDictionary<string, string> Reasons);

internal sealed record TextDraft(Place At, string Language, Template Template);

internal sealed record ControlDraft(Place At, ControlDefinition Control, IReadOnlyList<FigureDraft> Figures);

/// <param name="Value">Within the bounds of its definition.</param>
internal sealed record FigureDraft(Place At, FigureDefinition Definition, object Value);
