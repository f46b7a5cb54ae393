namespace Vouchsafe.Transparency.Entries;

/// <summary>A field with the salt that its commitment was made with: what a verifier needs to check it.</summary>
public readonly record struct DisclosedField(string Name, string Value, ReadOnlyMemory<byte> Salt);

public enum Disclosure
{
    Disclosed,

    /// <summary>The key was destroyed.</summary>
    Erased,

    /// <summary>The payload does not open, or does not hold what the leaf commits to: it was altered, or its key lost.</summary>
    Unreadable,
}

/// <summary>The fields that one key seals.</summary>
/// <param name="State">Whether they could be read.</param>
/// <param name="Fields">The fields where they could; else empty.</param>
public readonly record struct OpenedGroup(Disclosure State, IReadOnlyList<DisclosedField> Fields)
{
    public static OpenedGroup Erased { get; } = new(Disclosure.Erased, []);

    public static OpenedGroup Unreadable { get; } = new(Disclosure.Unreadable, []);
}

/// <summary>An entry as far as its keys still open it.</summary>
/// <param name="Actor">The fields <c>actor</c> and <c>address</c>.</param>
/// <param name="Fields">The details.</param>
public readonly record struct OpenedEntry(OpenedGroup Actor, OpenedGroup Fields);
