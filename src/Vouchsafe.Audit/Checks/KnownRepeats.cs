using Vouchsafe.Audit.Logs;

namespace Vouchsafe.Audit.Checks;

/// <summary>
/// Entries that stand in one log once more. What a tree holds doesn't change, so they stay known for as long as it holds both.
/// </summary>
internal sealed class KnownRepeats
{
    /// <summary>How many are kept; beyond that it is said that there are more.</summary>
    private const int Held = 64;

    /// <summary>How many are compared anew at each visit.</summary>
    private const int Compared = 16;

    private readonly SortedDictionary<long, Repeat> _known = [];
    private bool _more;

    /// <summary>What is to be said of them, as of the last <see cref="ReviewAsync"/>.</summary>
    public IReadOnlyList<string> Faults { get; private set; } = [];

    public void Note(Repeat repeat)
    {
        var (known, last) = _known.LastOrDefault(one => one.Key <= repeat.Second);
        // One that goes on where another ends is the same.
        if (last.Count > 0 && repeat.Second - known == repeat.First - last.First && repeat.Second <= known + last.Count)
            _known[known] = last with { Count = Math.Max(last.Count, repeat.Second - known + repeat.Count) };
        else if (_known.Count < Held)
            _known.TryAdd(repeat.Second, repeat);
        else
            _more = true;
    }

    /// <summary>
    /// Drops those that aren't so any more: a lawful restore may have taken them back, and what was pruned can't be compared.
    /// </summary>
    public async Task ReviewAsync(LogVerifier verifier, LogHead head, CancellationToken cancellationToken)
    {
        foreach (var (second, repeat) in _known.Take(Compared).ToList())
            if (repeat.First < head.PrunedTo || second >= head.Size
                || await verifier.FindLeafAsync(second, cancellationToken) is { } leaf
                && await verifier.FindLeafAsync(repeat.First, cancellationToken) is { } first && leaf != first)
                _known.Remove(second);
        _more &= _known.Count > 0;
        Faults =
            [.. _known.Values.Select(repeat => repeat.Say(head.Name)), .. _more ? [$"more entries of {head.Name} stand there once more"] : Array.Empty<string>()];
    }
}
