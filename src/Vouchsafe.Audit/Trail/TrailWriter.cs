using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Receipts;
using Vouchsafe.Audit.Sequencing;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Entries;

namespace Vouchsafe.Audit.Trail;

/// <summary>Makes entries from events and the session they happen in, and appends them.</summary>
internal sealed class TrailWriter(
    IDatabase database, EntryBuilder entries, LogIdentities identities, SequencerSignal signal, ReceiptBook receipts, AuditOptions options)
{
    private readonly string _append = options.Strict ? "select audit.append_indexed($1, $2, $3, $4)" : "select audit.append($1, $2, $3, $4)";

    /// <summary>Entries that are sealed one after the other by one thread.</summary>
    private const int Together = 64;

    private readonly AppendClock _clock = new();
    private readonly ConcurrentDictionary<TenantId, bool> _opened = new();

    /// <summary>Comes before an append. In strict mode the tenant's log must have its row before its first entry, because a business transaction can't make one:
    /// the platform's login does, once for each log and process.</summary>
    public async ValueTask OpenAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        if (!options.Strict || _opened.ContainsKey(tenant)) return;
        await using var platform = database.Platform(Actor.System("audit.log-opening"));
        await LogHeads.OpenAsync(platform, [tenant.Value], [identities.Of(tenant)], cancellationToken);
        _opened[tenant] = true;
    }

    /// <summary>The statement that appends the events as one append, and the ids their entries will have.</summary>
    public (Statement Statement, AppendId Id) Prepare(TenantSession session, ReadOnlySpan<AuditEvent> events)
    {
        var leaves = new byte[events.Length][];
        var payloads = new byte[events.Length][];
        for (var n = 0; n < events.Length; n++)
        {
            var entry = entries.Build(Draft(session, events[n]));
            (leaves[n], payloads[n]) = (entry.Leaf, entry.Payload);
        }

        return Prepare(session, leaves, payloads);
    }

    /// <summary>As <see cref="Prepare(TenantSession, ReadOnlySpan{AuditEvent})"/> for more events than one append takes, on other threads.</summary>
    public Task<IReadOnlyList<(Statement Statement, AppendId Id)>> PrepareManyAsync(TenantSession session, IReadOnlyList<AuditEvent> events, int first, int count) =>
        Task.Run<IReadOnlyList<(Statement Statement, AppendId Id)>>(() =>
        {
            var leaves = new byte[count][];
            var payloads = new byte[count][];
            var circumstances = CircumstancesOf(session, events[first].Name);
            Parallel.ForEach(Partitioner.Create(0, count, Together), range =>
            {
                var drafts = new EntryDraft[range.Item2 - range.Item1];
                var built = new PreparedEntry[drafts.Length];
                for (var n = 0; n < drafts.Length; n++)
                    drafts[n] = Draft(session, circumstances, events[first + range.Item1 + n]);
                entries.Build(drafts, built);
                for (var n = 0; n < built.Length; n++)
                    (leaves[range.Item1 + n], payloads[range.Item1 + n]) = (built[n].Leaf, built[n].Payload);
            });
            return [.. Enumerable.Range(0, (count + AppendId.MostEntries - 1) / AppendId.MostEntries).Select(part =>
            {
                var range = (part * AppendId.MostEntries)..Math.Min(count, (part + 1) * AppendId.MostEntries);
                return Prepare(session, leaves[range], payloads[range]);
            })];
        });

    public (Statement Statement, AppendId Id) Prepare(TenantSession session, byte[][] leaves, byte[][] payloads)
    {
        var id = AppendId.At(_clock, session.Now);
        return (new Statement(_append, session.Scope.Tenant.Value, id.Value, leaves, payloads), id);
    }

    /// <summary>Who, what, when and from where: all of it from the session, so that no caller can leave it out.</summary>
    /// <exception cref="UnattributedEventException">A person acts, and nobody knows from which address.</exception>
    public EntryDraft Draft(TenantSession session, AuditEvent what) => Draft(session, CircumstancesOf(session, what.Name), what);

    private static EntryDraft Draft(TenantSession session, EntryDraft circumstances, AuditEvent what) =>
        circumstances with { Time = session.Now, Event = what.Name, Fields = [.. what.Fields.Select(field => new EntryField(field.Name, field.Value))], Subject = what.Subject };

    /// <summary>What all entries of a session have in common.</summary>
    /// <param name="name">An event's name, for the error.</param>
    private EntryDraft CircumstancesOf(TenantSession session, string name)
    {
        var scope = session.Scope;
        if (scope.Actor.Kind != ActorKind.System && scope.Address is null)
            throw new UnattributedEventException(name);
        return new EntryDraft(
            new LogId(identities.Of(scope.Tenant)),
            scope.Tenant.Value,
            session.Now,
            name,
            scope.Actor.Kind switch
            {
                ActorKind.User => EntryActor.Person("user", scope.Actor.Id),
                ActorKind.Staff => EntryActor.Person("staff", scope.Actor.Id),
                _ => EntryActor.System(scope.Actor.Name ?? "unnamed"),
            },
            scope.Address is { } address ? Written(address) : null,
            []);
    }

    /// <summary>Once they are committed, counts the entries, keeps the receipts and wakes the sequencer.</summary>
    /// <param name="appended">What was appended.</param>
    /// <param name="count">How many entries of the tenant's that are.</param>
    public void OnCommitted(TenantSession session, IReadOnlyList<Receipt> appended, int count)
    {
        var tally = RecordingTally.Current;
        var tenant = session.Scope.Tenant;
        session.OnCommitted(() =>
        {
            tally?.Committed(tenant, count);
            var now = session.Now;
            foreach (var receipt in appended)
                receipts.Add(receipt with { At = now });
            signal.Raise();
        });
    }

    // An IPv4 client on a dual-mode socket is the same client.
    private static string Written(IPAddress address) =>
        (address.AddressFamily == AddressFamily.InterNetworkV6 && address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
}
