using Vouchsafe.Audit.Logs;
using Vouchsafe.Transparency.Entries;

namespace Vouchsafe.Audit.Checks;

/// <summary>Looks at each entry that <see cref="TrailWatch"/> reads, for a check of its own.</summary>
internal interface IEntryInspector
{
    /// <summary>The control whose check tells what was found.</summary>
    string Control { get; }

    /// <summary>What is wrong with the entry, to stand behind «entry 7 of log …»; or null.</summary>
    string? Find(LogHead head, StoredEntry entry, in OpenedEntry opened);
}
