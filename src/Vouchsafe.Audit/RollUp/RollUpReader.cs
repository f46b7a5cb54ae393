using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Transparency.Checkpoints;

namespace Vouchsafe.Audit.RollUp;

/// <summary>The roll-up log as everybody may read it.</summary>
public sealed class RollUpReader
{
    private readonly IDatabase database;
    private readonly RollUpLogs logs;
    private readonly TrailReader trail;
    private readonly Witnessing witnessing;
    private readonly OperatorHead operatorHead;

    internal RollUpReader(IDatabase database, RollUpLogs logs, TrailReader trail, Witnessing witnessing, OperatorHead operatorHead) =>
        (this.database, this.logs, this.trail, this.witnessing, this.operatorHead) = (database, logs, trail, witnessing, operatorHead);

    /// <summary>The newest head of the operator's log that stands in this log, with the cosignatures given to it; null where none does yet.</summary>
    public Task<WitnessedHead?> OperatorHeadAsync(CancellationToken cancellationToken) => operatorHead.ReadAsync(cancellationToken);

    /// <summary>The newest checkpoint with the cosignatures given to it; null while the log is empty.</summary>
    public Task<SignedNote?> CheckpointAsync(CancellationToken cancellationToken) => witnessing.CheckpointAsync(cancellationToken);

    /// <summary>The log's key; null while it is empty.</summary>
    public async Task<NoteVerifier?> VerifierAsync(CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(await logs.PresentAsync(cancellationToken));
        return await trail.VerifierAsync(session, cancellationToken);
    }

    /// <summary>The hand-overs that lead from the log's first key to the present one, oldest first.</summary>
    public async Task<IReadOnlyList<SignedNote>> HandoversAsync(CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(await logs.PresentAsync(cancellationToken));
        return await trail.HandoversAsync(session, cancellationToken);
    }

    /// <summary>A hash tile, as wide as the log has it; null where there is none.</summary>
    public async Task<ReadOnlyMemory<byte>?> TileAsync(int level, long index, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(await logs.PresentAsync(cancellationToken));
        return await trail.TileAsync(session, level, index, cancellationToken);
    }

    /// <summary>Up to 256 leaves (C2SP tlog-tiles); null where the log has fewer.</summary>
    public async Task<ReadOnlyMemory<byte>?> EntryBundleAsync(long index, int width, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(await logs.PresentAsync(cancellationToken));
        return await trail.EntryBundleAsync(session, index, width, cancellationToken);
    }
}
