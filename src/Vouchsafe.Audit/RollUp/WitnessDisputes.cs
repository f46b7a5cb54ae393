using System.Globalization;
using Microsoft.Extensions.Logging;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.RollUp;

/// <summary>
/// What becomes of a witness that says it saw another history (decision 0055). It is believed on proof alone: a checkpoint that the log's key and the
/// witness's both signed and that the database doesn't continue. A proven contradiction stays until a cosignature of that witness lifts it; it stands in
/// the database, in each node's folder and, as an entry, in the operator's log.
/// </summary>
internal sealed partial class WitnessDisputes(
    IDatabase database, RollUpLogs logs, LogIdentities identities, CheckpointSigner signer, WitnessStore store, WitnessMemory memory, WitnessClient client, TimeProvider time, ILogger<WitnessDisputes> log)
{
    /// <summary>An unproven dispute that stands for longer than this is no accident of two asks.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    /// <summary>All that stands against the log, for the check.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(IReadOnlyCollection<string> configured, CancellationToken cancellationToken)
    {
        var rows = await store.AllAsync(cancellationToken);
        var found = rows.Values.Where(row => row.Contradicts).ToDictionary(row => row.Name, row => Proof(row)?.Sentence ?? row.Trouble ?? "", StringComparer.Ordinal);
        // Of a log that was ended by a restart, the public statement has it.
        var origin = await PresentAsync(cancellationToken);
        foreach (var proof in memory.Contradictions.Where(proof => proof.Origin == origin)) found.TryAdd(proof.Witness, proof.Sentence);
        var disputed = rows.Values.Where(row => configured.Contains(row.Name) && !found.ContainsKey(row.Name) && row.DisputedSince <= time.GetUtcNow() - Grace);
        return
        [
            .. found.Select(pair => $"the witness {pair.Key} saw another history: {pair.Value.TrimEnd('.')}"),
            .. memory.Damaged.Select(file => $"what this node remembers of its witnesses can't be read: {Path.GetFileName(file)} was altered"),
            .. disputed.Select(row => $"the witness {row.Name} doesn't cosign the roll-up log and shows no proof why: {row.Trouble?.TrimEnd('.')}"),
        ];
    }

    /// <summary>Makes database and folder agree on what was proven: a row that was deleted comes back, and each node keeps what another found.</summary>
    public async Task<Witnessed?> ReconcileAsync(string witness, CancellationToken cancellationToken)
    {
        var row = (await store.AllAsync(cancellationToken)).GetValueOrDefault(witness);
        var known = memory.Find(witness);
        var origin = await PresentAsync(cancellationToken);
        if (known.Contradiction is { } past && past.Origin != origin)
            memory.Keep(known = new Remembered(witness, null, null));
        if (row is { Contradicts: true } && known.Contradiction is null && Proof(row) is { } found)
            memory.Keep(known with { Contradiction = found });
        else if (row is not { Contradicts: true } && known.Contradiction is { } proof)
        {
            await store.ContradictedAsync(proof, cancellationToken);
            return (await store.AllAsync(cancellationToken)).GetValueOrDefault(witness);
        }
        return row;
    }

    /// <summary>The witness cosigned: what it cosigned before must be a beginning of it.</summary>
    public async Task CosignedAsync(TenantSession session, WitnessOptions witness, LogHead head, SignedNote cosigned, NoteSignature cosignature, CancellationToken cancellationToken)
    {
        var known = memory.Find(witness.Key.Name);
        var against = await FindProofAsync(session, witness, [known.Contradiction?.Theirs, known.Cosigned], cancellationToken);
        if (against is not null)
            await AccuseAsync(against, cancellationToken);
        else
        {
            if (known.Contradiction is { } settled)
                await RecordAsync("witness.contradiction-lifted", settled, head, cancellationToken);
            memory.Keep(new Remembered(witness.Key.Name, cosigned.ToString(), null));
        }
        await store.CosignedAsync(witness.Key.Name, head.Tree, cosignature.ToString(), lifts: against is null, cancellationToken);
    }

    /// <summary>The witness says, asked by itself and from the size that it named, that the log isn't what it cosigned.</summary>
    public async Task DisputedAsync(TenantSession session, WitnessOptions witness, string said, CancellationToken cancellationToken)
    {
        var known = memory.Find(witness.Key.Name);
        var row = (await store.AllAsync(cancellationToken)).GetValueOrDefault(witness.Key.Name);
        var shown = await client.LatestAsync(witness, await OriginAsync(session, cancellationToken), cancellationToken);
        if (await FindProofAsync(session, witness, [shown?.ToString(), known.Cosigned, known.Contradiction?.Theirs, row?.Theirs], cancellationToken) is { } proof)
            await AccuseAsync(proof, cancellationToken);
        else
        {
            Disputed(witness.Key.Name, said);
            await store.FailedAsync(witness.Key.Name, said, disputes: true, cancellationToken);
        }
    }

    /// <summary>The first of the checkpoints that both keys signed and that the log doesn't continue.</summary>
    private async Task<Contradiction?> FindProofAsync(TenantSession session, WitnessOptions witness, IEnumerable<string?> notes, CancellationToken cancellationToken)
    {
        foreach (var text in notes.OfType<string>())
        {
            if (Read(text) is not { } note) continue;
            // Read after the note was there: whatever the log had signed by then, the database holds, or lost.
            var head = (await TenantLog.HeadAsync(session, cancellationToken))!;
            // What an earlier key of the log signed binds it as well.
            if (!note.IsSignedBy(witness.Key) || !signer.Verifiers(head.LogId).Any(note.IsSignedBy)) continue;
            var theirs = Checkpoint.Parse(note.Text);
            if (theirs.Origin == signer.Origin(head.LogId) && !await BeginsWithAsync(session, theirs.Head, head, cancellationToken))
                return new Contradiction(witness.Key.Name, text, signer.Sign(head).ToString(), time.GetUtcNow());
        }
        return null;
    }

    private static async Task<bool> BeginsWithAsync(TenantSession session, TreeHead theirs, LogHead head, CancellationToken cancellationToken)
    {
        if (theirs.Size > head.Size) return false;
        if (theirs.Size == head.Size) return theirs.Root == head.Root;
        return theirs.Size == 0 || await new ProofBuilder(new TenantTiles(session), theirs.Size).RootAsync(cancellationToken) == theirs.Root;
    }

    // The entry first: whoever dies in between accuses again, and the log says it twice rather than never.
    private async Task AccuseAsync(Contradiction proof, CancellationToken cancellationToken)
    {
        Contradicted(proof.Witness, proof.Sentence);
        var known = memory.Find(proof.Witness);
        if (known.Contradiction is null)
        {
            await RecordAsync("witness.contradicted", proof, null, cancellationToken);
            memory.Keep(known with { Contradiction = proof });
        }
        await store.ContradictedAsync(known.Contradiction ?? proof, cancellationToken);
    }

    private async Task RecordAsync(string what, Contradiction proof, LogHead? head, CancellationToken cancellationToken)
    {
        var theirs = proof.TheirHead;
        List<AuditField> fields =
        [
            new("witness", proof.Witness), new("cosigned-size", theirs.Size.ToString(CultureInfo.InvariantCulture)), new("cosigned-root", theirs.Root.ToString()),
            new("why", proof.Sentence),
        ];
        if (head is not null) fields.Add(new("lifted-at-size", head.Size.ToString(CultureInfo.InvariantCulture)));
        await using var session = database.Tenant(SystemLog.Scope(Actor.System(RollUpLog.Job)));
        await session.RecordAsync(new AuditEvent(what, fields), cancellationToken);
    }

    private async Task<string> PresentAsync(CancellationToken cancellationToken) =>
        signer.Origin(identities.Of((await logs.PresentAsync(cancellationToken)).Tenant));

    private async Task<string> OriginAsync(TenantSession session, CancellationToken cancellationToken) =>
        signer.Origin((await TenantLog.HeadAsync(session, cancellationToken))!.LogId);

    /// <summary>What a row says is a proof as far as it can be read: whoever can write the row could put anything there.</summary>
    private static Contradiction? Proof(Witnessed row) => row is { Theirs: { } theirs, Ours: { } ours } && Read(theirs) is not null && Read(ours) is not null
        ? new Contradiction(row.Name, theirs, ours, row.CosignedAt ?? default) : null;

    /// <summary>The text as a note with a checkpoint; null where it is none.</summary>
    private static SignedNote? Read(string text)
    {
        try
        {
            var note = SignedNote.Parse(text);
            Checkpoint.Parse(note.Text);
            return note;
        }
        catch (NoteException)
        {
            return null;
        }
    }

    [LoggerMessage(3102, LogLevel.Critical, "The witness {Witness} contradicts the database: {Why}")]
    private partial void Contradicted(string witness, string why);

    [LoggerMessage(3103, LogLevel.Error, "The witness {Witness} saw another history, by its own word: {Why}")]
    private partial void Disputed(string witness, string why);
}
