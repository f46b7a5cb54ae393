using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace Vouchsafe.Claims.Postures;

/// <summary>The claims a company makes, with their figures. Immutable; every figure was checked against the catalogue when it was read.</summary>
public sealed class Posture
{
    private readonly FrozenDictionary<string, Figures> figures;
    private readonly FrozenDictionary<string, ClaimDefinition> byId;

    internal Posture(string name, Company company, IReadOnlyList<string> languages, IReadOnlyList<ClaimDefinition> claims, FrozenDictionary<string, Figures> figures, string content)
    {
        (Name, Company, Languages, Claims, Content, this.figures) = (name, company, languages, claims, content, figures);
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
        byId = claims.ToFrozenDictionary(claim => claim.Id, StringComparer.Ordinal);
        Controls = [.. claims.Where(claim => claim.Withdrawn is null).SelectMany(claim => claim.Controls).Distinct(StringComparer.Ordinal)];
    }

    public string Name { get; }

    public Company Company { get; }

    /// <summary>ISO 639-1; the first is the one that a text falls back to.</summary>
    public IReadOnlyList<string> Languages { get; }

    /// <summary>All claims in the posture's order, withdrawn ones among them.</summary>
    public IReadOnlyList<ClaimDefinition> Claims { get; }

    /// <summary>The controls that claims in force rest on, each once.</summary>
    public IReadOnlyList<string> Controls { get; }

    /// <summary>SHA-256, in lower-case hex, of the canonical content (docs/formats/posture.md): comments and layout don't change it, a figure does.</summary>
    public string Hash { get; }

    /// <summary>The canonical content that <see cref="Hash"/> is of: RFC 8785 JSON.</summary>
    public string Content { get; }

    /// <summary>The figures of a control: from the claims that name it, else from the settings, else from the base documents.</summary>
    /// <exception cref="KeyNotFoundException">The control is not in the catalogue, or is planned and this posture gives it no figures.</exception>
    public Figures Figures(string control) => figures.TryGetValue(control, out var found) ? found
        : throw new KeyNotFoundException($"The posture {Name} gives no figures for \"{control}\".");

    /// <summary>The claim of that id, or null.</summary>
    public ClaimDefinition? Claim(string id) => byId.GetValueOrDefault(id);
}
