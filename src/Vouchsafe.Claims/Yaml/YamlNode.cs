namespace Vouchsafe.Claims.Yaml;

/// <summary>Where something stands in a file; both count from 1.</summary>
internal readonly record struct Place(int Line, int Column);

internal abstract record YamlNode(Place At);

/// <param name="Plain">Without quotes.</param>
internal sealed record YamlScalar(Place At, string Text, bool Plain) : YamlNode(At);

internal sealed record YamlSequence(Place At, IReadOnlyList<YamlNode> Items) : YamlNode(At);

/// <param name="Entries">In the order of the file; no key twice.</param>
internal sealed record YamlMapping(Place At, IReadOnlyList<YamlEntry> Entries) : YamlNode(At)
{
    public YamlNode? this[string key] => Entries.FirstOrDefault(entry => entry.Key == key)?.Value;
}

internal sealed record YamlEntry(Place At, string Key, YamlNode Value);
