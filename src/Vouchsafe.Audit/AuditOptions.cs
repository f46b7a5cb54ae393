using Vouchsafe.Audit.RollUp;

namespace Vouchsafe.Audit;

/// <summary>Where things are; what is promised stands in the posture.</summary>
public sealed record AuditOptions
{
    /// <summary>The operator's name for its logs; each log's origin is <c>prefix/〈id〉</c> (C2SP tlog-checkpoint: a URL without scheme).</summary>
    public string OriginPrefix { get; init; } = "vouchsafe.local/log";

    /// <summary>A folder outside the database and its backups in which this node remembers the heads it has verified, so that it sees
    /// an old backup put in place of the log; null: only in memory.</summary>
    public string? MemoryFolder { get; init; }

    /// <summary>Strict mode: an entry gets its index in the transaction in which it happens, and appends to one log wait for each other. Otherwise
    /// it gets it moments after the commit.</summary>
    public bool Strict { get; init; }

    /// <summary>Between two rounds of the roll-up log.</summary>
    public TimeSpan RollUpEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Who cosigns the roll-up log.</summary>
    public IReadOnlyList<WitnessOptions> Witnesses { get; init; } = [];
}
