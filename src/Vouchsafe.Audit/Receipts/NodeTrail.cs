namespace Vouchsafe.Audit.Receipts;

/// <summary>How the trail stands as one node sees it.</summary>
/// <param name="At">When it looked.</param>
/// <param name="Sequencing">Whether the node's background sequencer runs.</param>
/// <param name="Late">Confirmed appends that are not in their logs after twenty seconds.</param>
/// <param name="Altered">Appends that stand in their logs with other leaves than this node recorded.</param>
/// <param name="WasLate">Whether some were late within the last two minutes.</param>
public sealed record NodeTrail(DateTimeOffset At, bool Sequencing, int Late, int Altered, bool WasLate)
{
    public bool IsSound => Sequencing && Late == 0 && Altered == 0 && !WasLate;
}
