using Vouchsafe.Audit.Logs;
using Vouchsafe.Transparency.Entries;

namespace Vouchsafe.Audit.Checks;

/// <summary>Demands of each entry: who, what, when, and of a person's action the address.</summary>
internal sealed class AttributionInspector : IEntryInspector
{
    public string Control => "audit.attribution";

    public string? Find(LogHead head, StoredEntry entry, in OpenedEntry opened) =>
        AttributionCheck.FindGap(Leaf.TryParse(entry.Leaf, out _), opened.Actor);
}
