using System.Security.Cryptography;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Receipts;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Exports;

namespace Vouchsafe.Audit.RollUp;

/// <summary>Puts commitments to heads into the roll-up log.</summary>
/// <remarks>
/// The leaf is committed before its salt is kept: whoever dies in between leaves a leaf that nobody can open, and the head is rolled up again.
/// The roll-up log's tenant is the only one whose leaves aren't entries.
/// </remarks>
internal sealed class RollUpWriter(IDatabase database, RollUpLogs logs, TrailWriter trail, CheckpointSigner signer)
{
    /// <summary>Rolls up heads that moved, as many as one append takes.</summary>
    /// <returns>How many.</returns>
    public async Task<int> RollAsync(CancellationToken cancellationToken)
    {
        await using var platform = database.Platform(Actor.System(RollUpLog.Job));
        var behind = await RolledUp.BehindAsync(platform, AppendId.MostEntries, cancellationToken);
        if (behind.Count > 0) await RollAsync(platform, behind, cancellationToken);
        return behind.Count;
    }

    /// <summary>Rolls up one head, unless it stands there already.</summary>
    public async Task<RolledUp> RollAsync(LogHead head, CancellationToken cancellationToken)
    {
        await using var platform = database.Platform(Actor.System(RollUpLog.Job));
        return await RolledUp.FindAsync(platform, head.Tenant, cancellationToken) is { } there && there.Size == head.Size && there.Root == head.Root
            ? there
            : (await RollAsync(platform, [head], cancellationToken))[0];
    }

    private async Task<IReadOnlyList<RolledUp>> RollAsync(PlatformSession platform, IReadOnlyList<LogHead> heads, CancellationToken cancellationToken)
    {
        var salts = heads.Select(_ => RandomNumberGenerator.GetBytes(Commitment.SaltSize)).ToArray();
        var leaves = heads.Select((head, n) => RollUpLeaf.Build(salts[n], new Checkpoint(signer.Origin(head.LogId), head.Tree).ToText())).ToArray();
        await using var session = database.Tenant(await logs.PresentAsync(cancellationToken));
        await trail.OpenAsync(session.Scope.Tenant, cancellationToken);
        var (append, id) = trail.Prepare(session, leaves, [.. leaves.Select(_ => Array.Empty<byte>())]);
        await session.ExecuteBatchAsync([append], cancellationToken);
        trail.OnCommitted(session, [Receipt.Of(append)], 0);
        RolledUp[] rolled = [.. heads.Select((head, n) => new RolledUp(head.Tenant, head.Size, head.Root, salts[n], id.Entry(n)))];
        await RolledUp.KeepAsync(platform, rolled, cancellationToken);
        return rolled;
    }
}
