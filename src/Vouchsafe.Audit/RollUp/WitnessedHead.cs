using Vouchsafe.Audit.Logs;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Exports;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.RollUp;

/// <summary>A head of a log with everything that shows that the roll-up log holds it and which witnesses cosigned that.</summary>
public sealed record WitnessedHead(Checkpoint Checkpoint, ExportRollUp RollUp);

/// <summary>
/// The newest head of the operator's log that the roll-up log holds, with its cosignatures. Nothing is rolled up and no witness asked: for the moments between a new
/// head and its cosignatures the one before is given, so that whoever reads then doesn't miss a witness.
/// </summary>
internal sealed class OperatorHead(
    IDatabase database, RollUpLogs logs, LogIdentities identities, CheckpointSigner signer, Witnessing witnessing, AuditOptions options, TimeProvider time)
{
    /// <summary>Rounds of the roll-up log after which a head that misses a cosignature is given all the same: that witness is away.</summary>
    private const int Rounds = 2;

    private volatile Kept? _whole;

    public async Task<WitnessedHead?> ReadAsync(CancellationToken cancellationToken)
    {
        var newest = await NewestAsync(cancellationToken);
        if (newest is not null && SignedNote.Parse(newest.RollUp.Checkpoint) is var note && options.Witnesses.All(witness => note.IsSignedBy(witness.Key)))
            _whole = new Kept(newest, time.GetUtcNow());
        return _whole is { } whole && time.GetUtcNow() - whole.At < options.RollUpEvery * Rounds ? whole.Head : newest;
    }

    private async Task<WitnessedHead?> NewestAsync(CancellationToken cancellationToken)
    {
        await signer.ReadyAsync(cancellationToken);
        RolledUp? rolled;
        await using (var platform = database.Platform(Actor.System(RollUpLog.Job)))
            rolled = await RolledUp.FindAsync(platform, SystemLog.Tenant.Value, cancellationToken);
        if (rolled is null || await witnessing.CheckpointAsync(cancellationToken) is not { } note) return null;
        var present = await logs.PresentAsync(cancellationToken);
        await using var session = database.Tenant(present);
        var size = Checkpoint.Parse(note.Text).Head.Size;
        if (await EntryIndex.FindAsync(session, rolled.Entry, cancellationToken) is not { } index || index >= size) return null;
        var path = await new ProofBuilder(new TenantTiles(session), size).InclusionAsync(index, cancellationToken);
        return new WitnessedHead(
            new Checkpoint(signer.Origin(identities.Of(SystemLog.Tenant)), new TreeHead(rolled.Size, rolled.Root)),
            new ExportRollUp(rolled.Salt, index, path, note.ToString(), signer.Verifier(identities.Of(present.Tenant)).ToString()));
    }

    private sealed record Kept(WitnessedHead Head, DateTimeOffset At);
}
