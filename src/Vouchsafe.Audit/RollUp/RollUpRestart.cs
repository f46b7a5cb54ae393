using System.Globalization;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Checkpoints;

namespace Vouchsafe.Audit.RollUp;

/// <summary>
/// Begins the roll-up log anew after a lawful restore (docs/guides/restore.md). The log that witnesses contradict stays in the database as it is; the new one has
/// another origin and key, and a public statement says where the old one ended and who contradicts it.
/// </summary>
public sealed class RollUpRestart
{
    private readonly IDatabase _database;
    private readonly RollUpLogs _logs;
    private readonly LogIdentities _identities;
    private readonly CheckpointSigner _signer;
    private readonly WitnessStore _witnesses;
    private readonly WitnessMemory _memory;

    internal RollUpRestart(IDatabase database, RollUpLogs logs, LogIdentities identities, CheckpointSigner signer, WitnessStore witnesses, WitnessMemory memory) =>
        (_database, _logs, _identities, _signer, _witnesses, _memory) = (database, logs, identities, signer, witnesses, memory);

    /// <summary>While no node serves. Where one was cut off, finishes it and begins no other.</summary>
    /// <returns>The public statement.</returns>
    /// <exception cref="InvalidOperationException">No witness contradicts the log: there is nothing that a restart would answer.</exception>
    public async Task<SignedNote> RestartAsync(string reason, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > RestartStatement.LongestReason || reason.Any(char.IsControl))
            throw new ArgumentException($"A reason is one line of at most {RestartStatement.LongestReason} characters.", nameof(reason));
        await _signer.ReadyAsync(cancellationToken);
        await using var session = _database.Platform(Actor.System(RollUpLog.Job));
        if (!await CompleteAsync(session, cancellationToken))
        {
            await BeginAsync(session, reason, cancellationToken);
            await CompleteAsync(session, cancellationToken);
        }
        return (await StatementsAsync(cancellationToken))[^1];
    }

    /// <summary>All of them, oldest first; for everybody.</summary>
    public async Task<IReadOnlyList<SignedNote>> StatementsAsync(CancellationToken cancellationToken)
    {
        await using var session = _database.Platform(Actor.System(RollUpLog.Job));
        return await session.ListAsync("select statement from audit.roll_up_restarts order by number", [], row => SignedNote.Parse(row.GetString(0)), cancellationToken);
    }

    /// <summary>The one write that makes a restart.</summary>
    internal async Task BeginAsync(PlatformSession session, string reason, CancellationToken cancellationToken)
    {
        var number = await session.SingleOrDefaultAsync("select coalesce(max(number), 1) from audit.roll_up_restarts", [], row => row.GetInt32(0), cancellationToken);
        await using var old = _database.Tenant(RollUpLog.ScopeOf(number));
        var head = await TenantLog.HeadAsync(old, cancellationToken) ?? throw new InvalidOperationException("There is no roll-up log yet.");
        var proofs = (await _witnesses.AllAsync(cancellationToken)).Values.Where(row => row is { Contradicts: true, Theirs: not null, Ours: not null })
            .Select(row => new Contradiction(row.Name, row.Theirs!, row.Ours!, session.Now)).Concat(_memory.Contradictions)
            .DistinctBy(proof => proof.Witness).Where(proof => proof.Origin == _signer.Origin(head.LogId)).ToList();
        if (proofs.Count == 0) throw new InvalidOperationException("No witness contradicts the roll-up log; there is no reason to begin it anew.");
        var next = _identities.Of(RollUpLog.TenantOf(number + 1));
        var statement = new RestartStatement(
            _signer.Origin(head.LogId), _signer.Verifier(next), head.Tree, session.Now, reason, [.. proofs.Select(proof => (proof.Witness, proof.TheirHead))]);
        await session.ExecuteAsync("insert into audit.roll_up_restarts (number, statement) values ($1, $2) on conflict do nothing",
            [number + 1, _signer.Sign(statement.ToText(), head.LogId, next).ToString()], cancellationToken);
    }

    // Each step can be done twice; the mark comes last.
    private async Task<bool> CompleteAsync(PlatformSession session, CancellationToken cancellationToken)
    {
        if (await session.SingleOrDefaultAsync("select number, statement from audit.roll_up_restarts where not recorded order by number limit 1", [],
            row => ((int Number, string Statement)?)(row.GetInt32(0), row.GetString(1)), cancellationToken) is not { } open) return false;
        _logs.Forget();
        // Every head is rolled up again, into the new log; and no witness has seen that one.
        await session.ExecuteAsync("delete from audit.rolled_up", [], cancellationToken);
        await session.ExecuteAsync("delete from audit.witnesses", [], cancellationToken);
        await using (var log = _database.Tenant(SystemLog.Scope(Actor.System(RollUpLog.Job))))
            await log.RecordAsync(new AuditEvent("roll-up.restarted",
                new AuditField("number", open.Number.ToString(CultureInfo.InvariantCulture)), new AuditField("statement", SignedNote.Parse(open.Statement).Text)), cancellationToken);
        await session.ExecuteAsync("update audit.roll_up_restarts set recorded = true where number = $1", [open.Number], cancellationToken);
        return true;
    }
}
