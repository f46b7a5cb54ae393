using Vouchsafe.Audit.Logs;
using Vouchsafe.Transparency.Exports;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.Checks;

/// <summary>Says of which log a finding is. Names indexes and ids, and no value.</summary>
internal static class DamageText
{
    public static string Say(this LogHead head, ExportFinding finding)
    {
        var (at, log) = (finding.Index ?? 0, head.Name);
        return finding.Kind switch
        {
            FindingKind.Edited => $"entry {at} of {log} was edited",
            FindingKind.Removed when finding.Last > at => $"entries {at} to {finding.Last} of {log} were removed",
            FindingKind.Removed => $"entry {at} of {log} was removed",
            FindingKind.Withheld => $"values of entry {at} of {log} are missing, and were not erased",
            FindingKind.Foreign => $"what stands at index {at} of {log} is no entry of it",
            FindingKind.HashesAltered => $"the hashes of entries {at} to {finding.Last ?? Math.Min(at - at % Tile.FullWidth + Tile.FullWidth, head.Size) - 1} of {log} were altered or are gone",
            _ => $"entry {at} of {log} isn't where it belongs",
        };
    }

    /// <summary>Sentences, the first of them and how many there are more.</summary>
    public static string Join(IReadOnlyList<string> faults, int most)
    {
        var text = string.Join(" ", faults.Take(most).Select(fault => char.ToUpperInvariant(fault[0]) + fault[1..] + "."));
        return faults.Count > most ? $"{text} And {faults.Count - most} more." : text;
    }
}
