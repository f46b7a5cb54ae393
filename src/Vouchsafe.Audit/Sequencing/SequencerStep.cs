namespace Vouchsafe.Audit.Sequencing;

/// <summary>The places in a round where a process may die. Tests kill it at each of them.</summary>
internal enum SequencerStep
{
    Began,
    TookPending,
    Computed,
    WroteTiles,
    WroteHeads,
    Committed,
}

/// <summary>Told of each step of a round. In a running product nobody listens.</summary>
internal interface ISequencerWitness
{
    void Reached(SequencerStep step);
}
