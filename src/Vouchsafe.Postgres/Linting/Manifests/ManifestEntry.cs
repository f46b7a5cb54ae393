using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Vouchsafe.Postgres.Linting.Manifests;

/// <summary>An object of a manifest: what it hangs on, and its facts.</summary>
internal sealed record ManifestEntry(
    [property: JsonPropertyName("of"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Parent,
    [property: JsonPropertyName("is")] ImmutableSortedDictionary<string, string> Facts)
{
    public bool Equals(ManifestEntry? other) => other is not null && Parent == other.Parent && Facts.SequenceEqual(other.Facts);

    public override int GetHashCode() => Facts.Aggregate(Parent?.GetHashCode(StringComparison.Ordinal) ?? 0, (hash, fact) => HashCode.Combine(hash, fact.Key, fact.Value));
}
