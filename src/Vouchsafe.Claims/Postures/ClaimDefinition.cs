using System.Collections.Frozen;

namespace Vouchsafe.Claims.Postures;

/// <summary>How a claim is kept.</summary>
public enum ClaimKind
{
    /// <summary>Code makes it true at run time; the check probes the running system.</summary>
    Enforced,

    /// <summary>A recurring job makes it true; the check looks at the job's evidence and its age.</summary>
    Operated,

    /// <summary>People do it; evidence with a date is on file. Never shown as verified.</summary>
    Attested,

    /// <summary>Served as a page or document generated from live data.</summary>
    Published,
}

/// <summary>One promise.</summary>
public sealed class ClaimDefinition
{
    private readonly FrozenDictionary<string, string> texts;
    private readonly string firstLanguage;

    internal ClaimDefinition(FrozenDictionary<string, string> texts, string firstLanguage) => (this.texts, this.firstLanguage) = (texts, firstLanguage);

    /// <summary>The company's own name for it: <c>AF-16</c>.</summary>
    public required string Id { get; init; }

    public required ClaimKind Kind { get; init; }

    /// <summary>The heading it stands under: <c>rate limits</c>.</summary>
    public required string Area { get; init; }

    /// <summary>The controls that make it true, in the posture's order. Its verdict is the worst of theirs.</summary>
    public required IReadOnlyList<string> Controls { get; init; }

    /// <summary>Since when the company has promised it, where the posture says.</summary>
    public DateOnly? Since { get; init; }

    /// <summary>Where not null, the promise is no longer made; it stays visible, with its reason.</summary>
    public Withdrawal? Withdrawn { get; init; }

    /// <summary>The promise with its figures, in a language of the posture; in another, that of the posture's first language.</summary>
    public string Text(string language) => texts.TryGetValue(language, out var text) ? text : texts[firstLanguage];
}

/// <summary>A promise taken back.</summary>
/// <param name="Date">From when on.</param>
public sealed record Withdrawal(DateOnly Date, IReadOnlyDictionary<string, string> Reasons)
{
    /// <summary>Why, in a language of the posture; else in the first that it is given in.</summary>
    public string Reason(string language) => Reasons.TryGetValue(language, out var reason) ? reason : Reasons.First().Value;
}
