using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Receipts;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Exports;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.Checks;

/// <summary>
/// Verifies every log over and over, a bounded part at each run: of each log its head and extent, what is new, and then old entries, from where the last run stopped.
/// What is damaged stays known until it is seen whole again, so that one damaged log hides no other.
/// </summary>
internal sealed class TrailWatch(
    IDatabase database, HeadMemory memory, SeenHeads seen, KeyRing keys, EntryOpener opener, EntryBuilder entries, TrailReader trail, IEnumerable<IEntryInspector> inspectors, WatchOptions options,
    TimeProvider time) : IDisposable
{
    private const int Width = Tile.FullWidth;
    private const string Name = "audit.immutable";

    /// <summary>Damaged bundles of a log that are looked at anew in each run.</summary>
    private const int Again = 16;

    /// <summary>How often a log is looked at anew in a visit because it was pruned meanwhile.</summary>
    private const int Looks = 3;

    /// <summary>What one control's check names of what inspectors found; it counts the rest.</summary>
    private const int Told = 20;

    private readonly IReadOnlyList<IEntryInspector> _inspectors = [.. inspectors];
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Dictionary<Guid, LogWatch> _logs = [];
    private long _run;

    public async Task<WatchReport> RunAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return await RunAloneAsync(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>What the passes found for a control and is still so.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(string control, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            foreach (var (log, watch) in _logs.Where(log => log.Value.Inspected.Keys.Any(key => key.Control == control)).Take(Told).ToList())
            {
                await using var session = database.Tenant(new TenantScope(new TenantId(watch.Tenant), Actor.System(control), OwnerReach.All, null));
                if (await TenantLog.HeadAsync(session, cancellationToken) is not { } head)
                {
                    _logs.Remove(log);
                    continue;
                }

                var verifier = new LogVerifier(session, head, opener, _inspectors);
                if (await verifier.FindFaultInHeadAsync(cancellationToken) is null)
                    foreach (var first in watch.Inspected.Keys.Select(key => key.First).Distinct().Take(Again).Where(first => first >= head.PrunedTo).ToList())
                        await VerifyAsync(verifier, head, watch, first, Math.Min(first + Width, head.Size), null, cancellationToken);
            }

            return [.. _logs.Values.SelectMany(watch => watch.Inspected).Where(found => found.Key.Control == control).Select(found => found.Value)];
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<WatchReport> RunAloneAsync(CancellationToken cancellationToken)
    {
        _run++;
        var began = time.GetTimestamp();
        var (heads, left, faults) = await ReadHeadsAsync(cancellationToken);
        foreach (var gone in _logs.Keys.Except(heads.Select(head => head.LogId)).ToList())
            _logs.Remove(gone);
        var watches = heads.ConvertAll(head => (Head: head, Watch: WatchOf(head)));
        var (budget, fresh, visited) = ((long)options.Entries, (long)options.Fresh, 0);
        // Logs that moved first; then those that weren't visited for longest. A large one goes to the end of the queue after each part.
        var queue = new Queue<(LogHead Head, LogWatch Watch)>(watches.OrderBy(log => HasMoved(log.Head) ? 0 : 1).ThenBy(log => log.Watch.Visited));
        while (budget > 0 && (visited == 0 || time.GetElapsedTime(began) < options.Time) && queue.TryDequeue(out var log))
        {
            var (read, news) = await VisitAsync(log.Head, log.Watch, budget, fresh, cancellationToken);
            (budget, fresh, visited) = (budget - read, fresh - news, visited + (log.Watch.Visited == _run ? 0 : 1));
            log.Watch.Visited = _run;
            if (log.Watch.Position > log.Watch.PrunedTo)
                queue.Enqueue(log);
        }

        faults.AddRange(await FindUnrecordedAsync(heads, left, cancellationToken));
        foreach (var (_, watch) in watches)
            faults.AddRange(watch.Faults);
        return new WatchReport(faults, watches.Count(log => log.Watch.Faults.Any()), heads.Count, visited, heads.Sum(head => head.Size - head.PrunedTo), options.Entries - budget + options.Fresh - fresh)
        {
            Runs = (int)Math.Ceiling(heads.Sum(head => head.Size - head.PrunedTo) / (double)options.Entries),
            Waiting = watches.Sum(log => Math.Max(0, log.Head.Size - Math.Max(log.Watch.Fresh, log.Head.PrunedTo))),
        };
    }

    private bool HasMoved(LogHead head) => memory.Find(head.LogId) is not { } before || before.Size != head.Size || before.Root != head.Root;

    /// <summary>All heads, and what they show by themselves: logs that are gone, and parts of logs without a head.</summary>
    /// <returns>Among them those whose tenants' keys are destroyed: whether the tenants left lawfully, the operator's log says.</returns>
    private async Task<(List<LogHead> Heads, List<VerifiedHead> Left, List<string> Faults)> ReadHeadsAsync(CancellationToken cancellationToken)
    {
        var heads = new List<LogHead>();
        var left = new List<VerifiedHead>();
        var faults = new List<string>();
        await using var platform = database.Platform(Actor.System(Name));
        await foreach (var head in LogHeads.AllAsync(platform, cancellationToken))
            heads.Add(head);
        foreach (var gone in memory.All.ExceptBy(heads.Select(head => head.LogId), head => head.Log))
        {
            // Who leaves takes the key along; a log that went without that was removed.
            if (keys.Existing(KeyName.OfTenant(gone.Tenant)).IsDestroyed)
                left.Add(gone);
            else
                faults.Add($"log {gone.Log:N}, which had {gone.Size} entries, is gone");
        }

        foreach (var (tenant, had) in seen.All.ExceptBy(heads.Select(head => head.Tenant), one => one.Key).Where(one => memory.All.All(head => head.Tenant != one.Key)))
        {
            if (!keys.Existing(KeyName.OfTenant(tenant)).IsDestroyed)
                faults.Add($"the log of tenant {tenant:D}, which had {had.Size} entries, is gone");
        }

        foreach (var tenant in await LogExtent.HeadlessAsync(platform, cancellationToken))
            if (!keys.Existing(KeyName.OfTenant(tenant)).IsDestroyed && memory.All.All(head => head.Tenant != tenant))
                faults.Add($"parts of a log are there whose head is gone (tenant {tenant:D})");
        return (heads, left, faults);
    }

    /// <summary>Logs that went with their tenants' keys, and no entry of the operator's log says that they left.</summary>
    private async Task<IReadOnlyList<string>> FindUnrecordedAsync(List<LogHead> heads, List<VerifiedHead> left, CancellationToken cancellationToken)
    {
        if (left.Count == 0)
            return [];
        var log = heads.Find(head => head.Tenant == SystemLog.Tenant.Value);
        var watch = log is null ? null : WatchOf(log);
        var unrecorded = Unrecorded();
        if (unrecorded.Count > 0 && log is not null)
        {
            // The record may have come a moment ago.
            await trail.SequenceAsync(cancellationToken);
            await VisitAsync(log, watch!, options.Small, options.Fresh, cancellationToken);
            unrecorded = Unrecorded();
        }

        foreach (var lawful in left.Except(unrecorded))
            memory.Forget(lawful.Log);
        // Until all of the operator's log was read once since this node started, it isn't known.
        return watch is { Complete: false }
            ? []
            : [.. unrecorded.Select(gone => $"log {gone.Log:N}, which had {gone.Size} entries, is gone with its tenant's key, and the operator's log doesn't record that the tenant left")];

        List<VerifiedHead> Unrecorded() => left.FindAll(gone => watch?.Erasures.Contains(entries.TagOf(SystemLog.Tenant.Value, gone.Tenant)) != true);
    }

    private LogWatch WatchOf(LogHead head)
    {
        if (_logs.TryGetValue(head.LogId, out var watch))
            return watch;
        watch = _logs[head.LogId] = new LogWatch { Tenant = head.Tenant };
        watch.BeginPass(head.PrunedTo, head.Size - head.PrunedTo);
        if (memory.Find(head.LogId) is { } before)
        {
            watch.Fresh = before.Size;
            // A node that restarts goes on, so that restarts don't keep the later entries from being read.
            if (before.Position > head.PrunedTo && before.Position < head.Size)
                (watch.Position, watch.FromStart) = (before.Position, false);
        }

        return watch;
    }

    /// <returns>How many old entries were read, and how many new ones.</returns>
    private async Task<(long Read, long Fresh)> VisitAsync(LogHead listed, LogWatch watch, long entries, long fresh, CancellationToken cancellationToken)
    {
        var (read, news) = (0L, 0L);
        for (var look = 1; ; look++)
        {
            // A log that is pruned each time somebody looks is judged all the same.
            var (ofLook, newOfLook, pruned) = await VisitOnceAsync(listed, watch, entries, fresh, look == Looks, cancellationToken);
            (read, news) = (read + ofLook, news + newOfLook);
            if (!pruned)
                return (read, news);
        }
    }

    /// <param name="last">Whether what is found counts even where the log was pruned meanwhile.</param>
    private async Task<(long Read, long Fresh, bool Pruned)> VisitOnceAsync(LogHead listed, LogWatch watch, long entries, long fresh, bool last, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(new TenantScope(new TenantId(listed.Tenant), Actor.System(Name), OwnerReach.All, null));
        // As it is now: it may have moved since all heads were read.
        if (await TenantLog.HeadAsync(session, cancellationToken) is not { } head)
        {
            watch.Torn = [$"{listed.Name} can't be read by its tenant"];
            return (0, 0, false);
        }

        if (head.PrunedTo != watch.PrunedTo)
            watch.BeginPass(head.PrunedTo, head.Size - head.PrunedTo);
        foreach (var pruned in watch.Damaged.Keys.TakeWhile(first => first < head.PrunedTo).ToList())
            watch.Damaged.Remove(pruned);
        var verifier = new LogVerifier(session, head, opener, _inspectors);
        var torn = await FindTornAsync(verifier, head, cancellationToken);
        var (read, news) = (0L, 0L);
        if (await verifier.FindFaultInHeadAsync(cancellationToken) is { } edge)
            torn.Insert(0, edge);
        else
        {
            (read, news) = await ReadAsync(session, verifier, head, watch, entries, fresh, cancellationToken);
            await watch.Repeats.ReviewAsync(verifier, head, cancellationToken);
        }

        if (!last && (torn.Count > 0 || watch.Faults.Any()) && await TenantLog.HeadAsync(session, cancellationToken) is { } now && now.PrunedTo > head.PrunedTo)
        {
            // It was pruned meanwhile: what went is no damage. The next look sees what is left.
            watch.BeginPass(now.PrunedTo, now.Size - now.PrunedTo);
            return (read, news, true);
        }

        watch.Torn = torn;
        if (!watch.Faults.Any())
        {
            memory.Remember(new VerifiedHead(head.LogId, head.Tenant, head.Size, head.Root) { Position = watch.Position });
            seen.Verified(head.Tenant, head.Size);
        }

        return (read, news, false);
    }

    private async Task<List<string>> FindTornAsync(LogVerifier verifier, LogHead head, CancellationToken cancellationToken)
    {
        var torn = new List<string>();
        if (memory.Find(head.LogId) is { } before && await verifier.FindRewritingAsync(before, cancellationToken) is { } rewritten)
            torn.Add(rewritten);
        else if (seen.Find(head.Tenant) is { } ours
            && await verifier.FindRewritingAsync(new VerifiedHead(head.LogId, head.Tenant, ours.Size, ours.Root), cancellationToken) is { } shortened)
            torn.Add(shortened);
        await using var platform = database.Platform(Actor.System(Name));
        if (await LogExtent.FindBesideAsync(platform, head.Tenant, head.Name, cancellationToken) is { } beside)
            torn.Add(beside);
        return torn;
    }

    private async Task<(long Read, long Fresh)> ReadAsync(
        TenantSession session, LogVerifier verifier, LogHead head, LogWatch watch, long entries, long fresh, CancellationToken cancellationToken)
    {
        var news = 0L;
        foreach (var first in watch.Damaged.Keys.Take(Again).ToList())
            await VerifyAsync(verifier, head, watch, first, Math.Min(first + Width, head.Size), null, cancellationToken);
        var small = head.Size - head.PrunedTo <= options.Small;
        if (small)
            watch.BeginPass(head.PrunedTo, head.Size - head.PrunedTo);
        else if (watch.Fresh < head.Size)
        {
            var from = Math.Max(watch.Fresh - watch.Fresh % Width, head.PrunedTo);
            var until = Ends(from, fresh, head.Size);
            var late = new LateAppends();
            await VerifyAsync(verifier, head, watch, from, until, (index, entry, in _) => late.Seen(index, entry), cancellationToken);
            if (head.Size - head.PrunedTo <= options.Searched)
                await FindRepeatsAsync(head, watch, late.Found, cancellationToken);
            (watch.Fresh, news) = (until, until - from);
        }

        var start = watch.Position;
        var to = small ? head.Size : Ends(start, Math.Min(entries, options.Small), head.Size);
        await VerifyAsync(verifier, head, watch, start, to, watch.Seen, cancellationToken);
        watch.Position = to;
        if (watch.FromStart)
            await watch.Rows.ReadAsync(session, to == head.Size, cancellationToken);
        if (small)
            watch.Fresh = head.Size;
        if (to == head.Size)
            await EndPassAsync(session, head, watch, cancellationToken);
        return (to - start, news);
    }

    private static long Ends(long from, long most, long size) => Math.Min(size, from + Math.Max(Width, most - most % Width));

    private async Task VerifyAsync(LogVerifier verifier, LogHead head, LogWatch watch, long from, long to, SeenEntry? seen, CancellationToken cancellationToken)
    {
        if (from >= to)
            return;
        var segment = await verifier.VerifyAsync(from, to, seen, cancellationToken);
        watch.Note(segment);
        for (var first = from; first < to; first += Width)
        {
            watch.Damaged.Remove(first);
            foreach (var inspector in _inspectors)
                watch.Inspected.Remove((first, inspector.Control));
        }

        foreach (var (control, index, message) in segment.Inspected)
            watch.Inspected.TryAdd((index - index % Width, control), message);
        if (segment.Gone is { } gone)
            watch.Damaged[gone.First - gone.First % Width] = gone.Message;
        foreach (var finding in segment.Report.Findings)
        {
            if (finding is { Index: { } second, CopyOf: { } copied })
            {
                watch.Repeats.Note(new Repeat(copied, second, (finding.Last ?? second) - second + 1));
                continue;
            }

            var first = finding.Index ?? from;
            watch.Damaged.TryAdd(first - first % Width, head.Say(finding));
        }
    }

    /// <summary>Judges what only a whole pass can: values that are missing without a recorded erasure, a pruning without a record, rows that the log doesn't name.</summary>
    private async Task EndPassAsync(TenantSession session, LogHead head, LogWatch watch, CancellationToken cancellationToken)
    {
        // Where entries are damaged, what they recorded isn't known.
        if (watch.FromStart && watch.Damaged.Count == 0)
        {
            watch.Complete = true;
            if (FindUnexplained(head, watch).Count > 0 || watch.Rows.Open.Count > 0)
                head = await ReadOnAsync(session, head, watch, cancellationToken);
            var unexplained = FindUnexplained(head, watch);
            if (unexplained.Count == 0 && head.PrunedTo > 0 && await FindPruningFaultAsync(session, head, watch.Pruning!, cancellationToken) is { } pruning)
                unexplained.Add(pruning);
            if (await FindStrayAsync(head, watch, cancellationToken) is { } stray)
                unexplained.Add(stray);
            if (await FindUnmatchedAsync(head, watch, cancellationToken) is { } unmatched)
                unexplained.Add(unmatched);
            watch.Unexplained = unexplained;
            watch.Erased.Clear();
        }

        watch.BeginPass(head.PrunedTo, head.Size - head.PrunedTo);
    }

    /// <summary>What was committed lately may hold the record of what is missing: it gets its index now, and is read.</summary>
    private async Task<LogHead> ReadOnAsync(TenantSession session, LogHead head, LogWatch watch, CancellationToken cancellationToken)
    {
        await trail.SequenceAsync(cancellationToken);
        if (await TenantLog.HeadAsync(session, cancellationToken) is not { } now || now.Size == head.Size)
            return head;
        var verifier = new LogVerifier(session, now, opener, _inspectors);
        if (await verifier.FindFaultInHeadAsync(cancellationToken) is not null)
            return head;
        await VerifyAsync(verifier, now, watch, head.Size - head.Size % Width, now.Size, watch.Seen, cancellationToken);
        return now;
    }

    private static List<string> FindUnexplained(LogHead head, LogWatch watch)
    {
        var faults = new List<string>();
        var missing = watch.Erased.Where(person => !watch.Erasures.Contains(person.Key)).Select(person => person.Value).Order().ToList();
        if (missing.Count > 0)
            faults.Add($"values of entry {missing[0]} of {head.Name} are missing, and the log records no erasure of the person"
                + (missing.Count > 1 ? $"; so it is with {missing.Count - 1} more people" : ""));
        if (head.PrunedTo > (watch.Pruning?.Before ?? 0))
            faults.Add($"the first {head.PrunedTo} entries of {head.Name} are missing, and the log records no such pruning");
        return faults;
    }

    private async Task<string?> FindPruningFaultAsync(TenantSession session, LogHead head, PruneRecord record, CancellationToken cancellationToken)
    {
        var named = $"the record of the pruning of {record.Before} entries of {head.Name}";
        if (record.Before != head.PrunedTo)
            return $"{named} names more than the {head.PrunedTo} that are missing";
        try
        {
            var frozen = await new ProofBuilder(new TenantTiles(session), head.Size).FrozenAsync(head.PrunedTo, cancellationToken);
            return record.FindFault(frozen, time.GetUtcNow()) is { } fault ? $"{named} {fault}" : null;
        }
        catch (TreeException)
        {
            return $"tiles of {head.Name} are gone";
        }
    }

    /// <summary>
    /// Each row goes with one append of the log, so what is left of the log is either an append that committed while the pass was under way, or one that stands there once more.
    /// </summary>
    private async Task<string?> FindUnmatchedAsync(LogHead head, LogWatch watch, CancellationToken cancellationToken)
    {
        watch.Rows.End();
        if (watch.Rows.Crowded)
            return $"many more entries stand in {head.Name} than rows beside it";
        var rest = await FindRepeatsAsync(head, watch, watch.Rows.Unmatched, cancellationToken);
        var broken = rest.Where(run => watch.Rows.IsBroken(run)).OrderBy(run => run.First).FirstOrDefault();
        return broken.Count > 0 ? $"entries {broken.First} to {broken.First + broken.Count - 1} of {head.Name} aren't an append as it was recorded" : null;
    }

    /// <returns>Those that stand in the log once.</returns>
    private async Task<List<AppendRun>> FindRepeatsAsync(LogHead head, LogWatch watch, IReadOnlyCollection<AppendRun> runs, CancellationToken cancellationToken)
    {
        if (runs.Count == 0)
            return [];
        await using var platform = database.Platform(Actor.System(Name));
        var places = await EntryPlaces.FirstAsync(platform, head.Tenant, runs.Select(run => run.FirstEntry).ToHashSet(), cancellationToken);
        var rest = new List<AppendRun>();
        foreach (var run in runs.OrderBy(run => run.First))
            if (places.TryGetValue(run.FirstEntry, out var first) && first < run.First)
                watch.Repeats.Note(new Repeat(first, run.First, run.Count));
            else
                rest.Add(run);
        return rest;
    }

    private async Task<string?> FindStrayAsync(LogHead head, LogWatch watch, CancellationToken cancellationToken)
    {
        if (watch.Rows.Overflowed)
            return $"many more rows stand beside {head.Name} than it ever had";
        var open = watch.Rows.Open;
        if (open.Count == 0)
            return null;
        await using var platform = database.Platform(Actor.System(Name));
        // What waits for its index is not judged here: how long it waits, is. What got it since the log was read is in the log now.
        var waiting = await platform.ListAsync(
            "select append_id from audit.pending where tenant_id = $1 and append_id = any($2)", [head.Tenant, open.Keys.ToArray()], row => row.GetGuid(0), cancellationToken);
        var rows = open.ExceptBy(waiting, row => row.Key).Where(row => row.Value > 0).OrderBy(row => row.Key).ToList();
        if (rows.Count == 0)
            return null;
        var last = rows.ToDictionary(row => row.Key, row => new AppendId(row.Key).Entry(Math.Min(row.Value, AppendId.MostEntries) - 1));
        var places = await EntryPlaces.FirstAsync(platform, head.Tenant, last.Values.ToHashSet(), cancellationToken);
        foreach (var (append, count) in rows)
            if (count > AppendId.MostEntries || !places.ContainsKey(last[append]))
                return $"an entry was put beside {head.Name} that never was in it ({append:D})";
        return null;
    }
}

/// <summary>What a run saw.</summary>
/// <param name="Faults">Everything that is known to be damaged, as sentences without their first capital.</param>
/// <param name="Damaged">How many logs are damaged.</param>
/// <param name="Logs">How many there are.</param>
/// <param name="Visited">How many were verified in this run.</param>
/// <param name="Entries">How many entries all logs have.</param>
/// <param name="Read">How many were read in this run.</param>
internal sealed record WatchReport(IReadOnlyList<string> Faults, int Damaged, int Logs, int Visited, long Entries, long Read)
{
    /// <summary>How many runs it takes until each entry was read again.</summary>
    public int Runs { get; init; }

    /// <summary>How many entries are newer than what was read.</summary>
    public long Waiting { get; init; }
}
