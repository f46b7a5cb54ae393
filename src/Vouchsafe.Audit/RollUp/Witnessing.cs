using Microsoft.Extensions.Logging;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Trees;
using Vouchsafe.Transparency.Witnessing;

namespace Vouchsafe.Audit.RollUp;

/// <summary>Has the roll-up log's head cosigned, and gives out the checkpoint with the cosignatures there are. A witness that doesn't answer holds nobody up.</summary>
internal sealed partial class Witnessing(
    IDatabase database, RollUpLogs logs, CheckpointSigner signer, WitnessStore store, WitnessClient client, WitnessDisputes disputes, AuditOptions options, TimeProvider time, ILogger<Witnessing> log)
{
    /// <summary>A witness that moves on with each ask is asked by somebody else too.</summary>
    private const int MostAsks = 3;

    // For another node's turn, in the machine's own time: it ends when that node's exchange over the network does.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);
    private const int MostLooks = 200;

    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Asks every witness that hasn't cosigned the present head; one node at a time, each witness by itself.</summary>
    public async Task GatherAsync(CancellationToken cancellationToken)
    {
        if (options.Witnesses.Count == 0) return;
        // Of many exports at once on this node, the first asks for all.
        await _one.WaitAsync(cancellationToken);
        try
        {
            await Task.WhenAll(options.Witnesses.Select(witness => AskInTurnAsync(witness, cancellationToken)));
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The roll-up log's newest checkpoint, with the cosignatures that were given to it; null while it is empty.</summary>
    public async Task<SignedNote?> CheckpointAsync(CancellationToken cancellationToken)
    {
        await signer.ReadyAsync(cancellationToken);
        await using var session = database.Tenant(await logs.PresentAsync(cancellationToken));
        if (await TenantLog.HeadAsync(session, cancellationToken) is not { } head) return null;
        var note = signer.Sign(head);
        var rows = await store.AllAsync(cancellationToken);
        return note.With(options.Witnesses.Select(witness => Cosignature(rows.GetValueOrDefault(witness.Key.Name), witness.Key, note)).OfType<NoteSignature>());
    }

    /// <summary>The row's cosignature, if it is one of this checkpoint: whatever else somebody wrote there would make the checkpoint unreadable for everybody.</summary>
    private static NoteSignature? Cosignature(Witnessed? row, NoteVerifier key, SignedNote note)
    {
        try
        {
            return row?.Cosignature is { } line ? SignedNote.ParseSignatures(line + "\n").FirstOrDefault(signature => key.Verify(note.Text, signature)) : null;
        }
        catch (NoteException)
        {
            return null;
        }
    }

    private async Task AskInTurnAsync(WitnessOptions witness, CancellationToken cancellationToken)
    {
        var name = witness.Key.Name;
        var asker = Guid.CreateVersion7(time.GetUtcNow());
        for (var look = 0; look < MostLooks; look++)
        {
            if (!await store.TryTakeTurnAsync(name, asker, cancellationToken))
            {
                await Task.Delay(LookAgain, TimeProvider.System, cancellationToken);
                continue;
            }
            try
            {
                await AskAsync(witness, cancellationToken);
            }
            catch (WitnessException silent)
            {
                NotCosigned(name, silent.Message);
                await store.FailedAsync(name, silent.Message, disputes: false, cancellationToken);
            }
            catch (Exception full) when (full is IOException or UnauthorizedAccessException)
            {
                // The full message names a path; the operator's log has it, the table doesn't.
                NotCosigned(name, full.Message);
                await store.FailedAsync(name, "This node can't write down what the witness said; see its log.", disputes: false, cancellationToken);
            }
            finally
            {
                await store.EndTurnAsync(name, asker, CancellationToken.None);
            }
            return;
        }
    }

    private async Task AskAsync(WitnessOptions witness, CancellationToken cancellationToken)
    {
        await signer.ReadyAsync(cancellationToken);
        // Head and memory are read in the turn: whatever was asked before has been answered, and is stored.
        await using var session = database.Tenant(await logs.PresentAsync(cancellationToken));
        if (await TenantLog.HeadAsync(session, cancellationToken) is not { } head) return;
        var known = await disputes.ReconcileAsync(witness.Key.Name, cancellationToken);
        if (known is { Contradicts: false, DisputedSince: null, Cosignature: not null } && known.Size == head.Size && known.Root == head.Root) return;

        var from = Math.Min(known?.Size ?? 0, head.Size);
        for (var ask = 0; ask < MostAsks; ask++)
        {
            var note = signer.Sign(head);
            var reply = await client.AskAsync(witness, new AddCheckpoint(from, await ProofAsync(session, from, head, cancellationToken), note), cancellationToken);
            if (reply.Cosignature is { } cosignature)
            {
                await disputes.CosignedAsync(session, witness, head, note.With(cosignature), cosignature, cancellationToken);
                return;
            }
            // The log may have grown meanwhile, and the witness may have been asked by somebody else; a head that was read before its answer says nothing.
            head = (await TenantLog.HeadAsync(session, cancellationToken))!;
            if (reply.Seen is not { } seen || seen > head.Size || seen == from)
            {
                await disputes.DisputedAsync(session, witness, Said(reply.Seen, from, head), cancellationToken);
                return;
            }
            from = seen;
        }
        throw new WitnessException("It was asked by somebody else at the same time, each time anew.");
    }

    private static string Said(long? seen, long from, LogHead head) =>
        seen > head.Size ? $"It says that it cosigned {seen} leaves of the roll-up log, and the database holds {head.Size}."
        : $"It says that the roll-up log doesn't continue the {from} leaves that it cosigned.";

    private static async Task<IReadOnlyList<Vouchsafe.Cryptography.Hashing.Digest>> ProofAsync(TenantSession session, long from, LogHead head, CancellationToken cancellationToken) =>
        await new ProofBuilder(new TenantTiles(session), head.Size).ConsistencyAsync(from, cancellationToken);

    [LoggerMessage(3101, LogLevel.Warning, "The witness {Witness} didn't cosign the roll-up log: {Why}")]
    private partial void NotCosigned(string witness, string why);
}
