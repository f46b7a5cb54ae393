using Microsoft.Extensions.Logging;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Trees;
using Vouchsafe.Transparency.Witnessing;

namespace Vouchsafe.Audit.RollUp;

/// <summary>Has the roll-up log's head cosigned, and gives out the checkpoint with the cosignatures there are. A witness that doesn't answer holds nobody up.</summary>
internal sealed partial class Witnessing(
    IDatabase database, CheckpointSigner signer, WitnessStore store, WitnessClient client, AuditOptions options, ILogger<Witnessing> log)
{
    /// <summary>Asks every witness that hasn't cosigned the present head.</summary>
    public async Task GatherAsync(CancellationToken cancellationToken)
    {
        if (options.Witnesses.Count == 0) return;
        await using var session = database.Tenant(RollUpLog.Scope);
        if (await TenantLog.HeadAsync(session, cancellationToken) is not { } head) return;
        var known = await store.AllAsync(cancellationToken);
        foreach (var witness in options.Witnesses)
        {
            var seen = known.GetValueOrDefault(witness.Key.Name);
            if (seen is null || seen.Size != head.Size || seen.Root != head.Root || seen.Contradicts) await AskAsync(session, witness, seen?.Size ?? 0, head, cancellationToken);
        }
    }

    /// <summary>The roll-up log's newest checkpoint, with the cosignatures that were given to it; null while it is empty.</summary>
    public async Task<SignedNote?> CheckpointAsync(CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(RollUpLog.Scope);
        if (await TenantLog.HeadAsync(session, cancellationToken) is not { } head) return null;
        var cosigned = (await store.AllAsync(cancellationToken)).Values.Where(witness => witness.Size == head.Size && witness.Root == head.Root && witness.Cosignature is not null);
        return signer.Sign(head).With(cosigned.SelectMany(witness => SignedNote.ParseSignatures(witness.Cosignature + "\n")));
    }

    private async Task AskAsync(TenantSession session, WitnessOptions witness, long from, LogHead head, CancellationToken cancellationToken)
    {
        var name = witness.Key.Name;
        try
        {
            var note = signer.Sign(head);
            var reply = await AskAsync(session, witness, Math.Min(from, head.Size), head, note, cancellationToken);
            // It has seen another state than this database remembers: whoever restored a backup, or a second cell with the same key.
            if (reply.Seen is { } seen && seen <= head.Size && seen != from) reply = await AskAsync(session, witness, seen, head, note, cancellationToken);
            if (reply.Cosignature is { } cosignature)
            {
                await store.CosignedAsync(name, head.Tree, cosignature.ToString(), cancellationToken);
                return;
            }
            var trouble = reply.Seen > head.Size
                ? $"It cosigned the roll-up log with {reply.Seen} leaves, and the database holds {head.Size}: an older state was put back."
                : $"It cosigned another root of the roll-up log at {reply.Seen} leaves.";
            Contradicted(name, trouble);
            await store.FailedAsync(name, trouble, contradicts: true, cancellationToken);
        }
        catch (WitnessException silent)
        {
            if (silent.Rejected) Contradicted(name, silent.Message);
            else NotCosigned(name, silent.Message);
            await store.FailedAsync(name, silent.Message, contradicts: silent.Rejected, cancellationToken);
        }
    }

    private async Task<WitnessReply> AskAsync(TenantSession session, WitnessOptions witness, long from, LogHead head, SignedNote note, CancellationToken cancellationToken) =>
        await client.AskAsync(witness, new AddCheckpoint(from, await new ProofBuilder(new TenantTiles(session), head.Size).ConsistencyAsync(from, cancellationToken), note), cancellationToken);

    [LoggerMessage(3101, LogLevel.Warning, "The witness {Witness} didn't cosign the roll-up log: {Why}")]
    private partial void NotCosigned(string witness, string why);

    [LoggerMessage(3102, LogLevel.Critical, "The witness {Witness} contradicts the database: {Why}")]
    private partial void Contradicted(string witness, string why);
}
