using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Exports;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.RollUp;

/// <summary>Proves that the roll-up log holds a head.</summary>
internal sealed class RollUpProver(IDatabase database, RollUpLogs logs, RollUpWriter writer, TrailReader trail, Witnessing witnessing, CheckpointSigner signer)
{
    /// <summary>Rolls the head up where it isn't yet, has it cosigned as far as witnesses answer, and gives all that an outsider needs.</summary>
    public async Task<ExportRollUp?> ProveAsync(LogHead head, CancellationToken cancellationToken)
    {
        var rolled = await writer.RollAsync(head, cancellationToken);
        await trail.SequenceAsync(cancellationToken);
        await witnessing.GatherAsync(cancellationToken);
        await using var session = database.Tenant(await logs.PresentAsync(cancellationToken));
        if (await EntryIndex.FindAsync(session, rolled.Entry, cancellationToken) is not { } index || await witnessing.CheckpointAsync(cancellationToken) is not { } note)
            return null;
        var size = Checkpoint.Parse(note.Text).Head.Size;
        var path = await new ProofBuilder(new TenantTiles(session), size).InclusionAsync(index, cancellationToken);
        var log = (await TenantLog.HeadAsync(session, cancellationToken))!.LogId;
        return new ExportRollUp(rolled.Salt, index, path, note.ToString(), signer.Verifier(log).ToString());
    }
}
