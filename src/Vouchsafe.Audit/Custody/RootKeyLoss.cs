using System.Globalization;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Checkpoints;

namespace Vouchsafe.Audit.Custody;

/// <summary>
/// Says in the operator's log of a new installation that the root key of the one before is lost for good, and where its log ended by what witnesses cosigned
/// (docs/guides/keys.md). It opens nothing of the old installation: nothing can.
/// </summary>
public sealed class RootKeyLoss
{
    /// <summary>The entry's name.</summary>
    public const string Event = "root-key.declared-lost";

    private const int MaxReason = 1000;
    private const string Job = "keys.custody";

    private readonly IDatabase _database;
    private readonly AuditOptions _options;

    internal RootKeyLoss(IDatabase database, AuditOptions options) => (_database, _options) = (database, options);

    /// <summary>Records the loss, once for each checkpoint. Cut off in between and begun again, it records some of them twice, never one not at all.</summary>
    /// <param name="reason">What happened, in one line.</param>
    /// <param name="last">The last checkpoints of the old roll-up log that anybody has, one or more: as its witnesses show them, with their cosignatures.</param>
    /// <returns>What was recorded, a line for each.</returns>
    /// <exception cref="ArgumentException">The reason isn't one line, or there is no checkpoint.</exception>
    /// <exception cref="InvalidOperationException">A checkpoint is of this very installation, or no witness that this one is configured with cosigned it.</exception>
    public async Task<IReadOnlyList<string>> DeclareAsync(string reason, IReadOnlyList<SignedNote> last, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > MaxReason || reason.Any(char.IsControl))
            throw new ArgumentException($"A reason is one line of at most {MaxReason} characters.", nameof(reason));
        if (last.Count == 0) throw new ArgumentException("Name the last checkpoint of the old log that a witness shows.", nameof(last));
        var declared = last.Select(Read).ToList();
        var lines = new List<string>();
        await using var session = _database.Tenant(SystemLog.Scope(Actor.System(Job)));
        foreach (var (checkpoint, witnesses) in declared)
        {
            await session.RecordAsync(new AuditEvent(Event,
                new AuditField("reason", reason),
                new AuditField("old-log", checkpoint.Origin),
                new AuditField("old-size", checkpoint.Head.Size.ToString(CultureInfo.InvariantCulture)),
                new AuditField("old-root", checkpoint.Head.Root.ToString()),
                new AuditField("cosigned-by", string.Join(", ", witnesses))), cancellationToken);
            lines.Add(string.Create(
                CultureInfo.InvariantCulture, $"{checkpoint.Origin} ended with {checkpoint.Head.Size} leaves, cosigned by {string.Join(", ", witnesses)}."));
        }

        return lines;
    }

    private (Checkpoint Checkpoint, IReadOnlyList<string> Witnesses) Read(SignedNote note)
    {
        var checkpoint = Checkpoint.Parse(note.Text);
        if (checkpoint.Origin.StartsWith(_options.OriginPrefix + "/", StringComparison.Ordinal))
            throw new InvalidOperationException(
                $"{checkpoint.Origin} is named as this installation's own logs are. "
                + "Give the new installation another Vouchsafe:Audit:Origin, or nobody can tell its logs from the old ones.");
        // The old log's key is gone with the root key; what is left of its word is that a witness took it for that log.
        List<string> witnesses = [.. _options.Witnesses.Where(witness => note.IsSignedBy(witness.Key)).Select(witness => witness.Key.Name)];
        return witnesses.Count > 0 ? (checkpoint, witnesses)
            : throw new InvalidOperationException(
                $"None of the witnesses in Vouchsafe:Audit:Witnesses cosigned this checkpoint of {checkpoint.Origin}; without one anybody could have written it.");
    }
}
