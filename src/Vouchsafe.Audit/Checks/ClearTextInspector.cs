using System.Text;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Transparency.Entries;

namespace Vouchsafe.Audit.Checks;

/// <summary>Looks for what reads like an identifier, and for the entry's own personal values, among the bytes that lie open.</summary>
internal sealed class ClearTextInspector : IEntryInspector
{
    /// <summary>Shorter values are found in any text by chance.</summary>
    private const int Shortest = 4;

    private static readonly string[] Personal = ["name", "mail", "phone", "address", "person", "user", "actor", "member", "contact", "birth"];

    public string Control => "audit.no-identifiers";

    public string? Find(LogHead head, StoredEntry entry, in OpenedEntry opened)
    {
        if (entry.Leaf is null || entry.Sealed is null)
            return null; // What is missing, audit.immutable names.
        if (IdentifierText.Find(entry.Leaf) is { } kind)
            return $"holds {kind} in clear";
        // What opened is ciphertext, all of it; what didn't may be anything.
        if ((opened.Actor.State != Disclosure.Disclosed || opened.Fields.State != Disclosure.Disclosed) && IdentifierText.Find(entry.Sealed) is { } beside)
            return $"holds {beside} in clear";
        foreach (var field in opened.Actor.Fields.Concat(opened.Fields.Fields))
            if (IsPersonal(field.Name) && Holds(entry, field.Value))
                return $"holds the value of its field {field.Name} in clear";
        return null;
    }

    private static bool IsPersonal(string name) => Array.Exists(Personal, part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    private static bool Holds(StoredEntry entry, string value)
    {
        // Of "user:〈id〉" the id identifies.
        value = value.StartsWith("user:", StringComparison.Ordinal) || value.StartsWith("staff:", StringComparison.Ordinal) ? value[(value.IndexOf(':') + 1)..] : value;
        if (value.Length < Shortest || value.StartsWith("system:", StringComparison.Ordinal))
            return false;
        // An event's name has lower-case letters, and dots or hyphens where a person's has spaces.
        var text = Encoding.Latin1.GetString(entry.Leaf!) + "\0" + Encoding.Latin1.GetString(entry.Sealed!);
        return new[] { value, value.Replace(' ', '.'), value.Replace(' ', '-') }.Any(spelled => text.Contains(Latin(spelled), StringComparison.OrdinalIgnoreCase))
            || IdentifierText.Spellings(value).Skip(1).Any(bytes => bytes.Length >= 2 * Shortest && text.Contains(Encoding.Latin1.GetString(bytes), StringComparison.Ordinal));
    }

    // Bytes of UTF-8 as the text above shows them.
    private static string Latin(string value) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(value));
}
