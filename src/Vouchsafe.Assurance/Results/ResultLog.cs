using Vouchsafe.Assurance.Seen;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Controls;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Assurance.Results;

/// <summary>
/// Follows the operator's log, and with it the results of checks and drills: the log is the record, and nothing else is believed. One a node;
/// it reads what is new since it last looked, and at first as far back as it takes.
/// </summary>
internal sealed class ResultLog(
    TrailReader trail, IDatabaseClock clock, ResultClock results, Posture posture, AssuranceOptions options, SuiteRecord suite) : IDisposable
{
    private const int Block = Tile.FullWidth;

    /// <summary>How far back a start reads to find the newest run of each control.</summary>
    private const long MaxReadBack = 65_536;

    /// <summary>How many postures are read back.</summary>
    private const int MaxAdoptions = 200;

    private readonly SemaphoreSlim one = new(1, 1);
    private ResultState state = new(posture.Hash, options.ValidFor, 0);
    private TreeHead? followed;
    private string? unreliable;

    /// <summary>What the log says now.</summary>
    /// <param name="sequence">True: with everything that was committed before this call.</param>
    public async Task<ResultSnapshot> ReadAsync(bool sequence, CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            var (now, clockFault) = results.Judge(await clock.NowAsync(cancellationToken));
            await using var log = await trail.OpenVerifiedAsync(SystemLog.Tenant, followed, sequence, cancellationToken);
            if (log is null) unreliable = followed is null ? null : $"it had {followed.Value.Size} entries and is gone";
            else if ((unreliable = log.Fault) is null) await FollowAsync(log, now, cancellationToken);
            return state.Snapshot(now, unreliable, clockFault, suite.Of);
        }
        finally
        {
            one.Release();
        }
    }

    /// <inheritdoc cref="ResultState.Lose"/>
    public async Task LoseAsync(string control, CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        state.Lose(control);
        one.Release();
    }

    public void Dispose() => one.Dispose();

    private async Task FollowAsync(VerifiedLog log, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var from = followed?.Size ?? long.MinValue;
        if (log.Head.Size == from) return;
        if (from < log.Head.Size - MaxReadBack)
        {
            state = await ReadBackAsync(log, now, cancellationToken);
        }
        else
        {
            // Nothing is taken before all of it was read: a read that is cut off begins again where it stood.
            var entries = new List<VerifiedEntry>();
            while (from < log.Head.Size)
            {
                var to = Math.Min(log.Head.Size, ((from / Block) + 1) * Block);
                entries.AddRange(await log.ReadAsync(from, to, cancellationToken));
                from = to;
            }
            foreach (var entry in entries) state.Add(entry, now);
        }
        followed = log.Head;
    }

    private async Task<ResultState> ReadBackAsync(VerifiedLog log, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var sought = posture.Controls.Where(control => ControlCatalogue.Find(control)!.Stage == Stage.Built).ToHashSet(StringComparer.Ordinal);
        var blocks = new Stack<IReadOnlyList<VerifiedEntry>>();
        var floor = Math.Max(log.PrunedTo, log.Head.Size - MaxReadBack);
        for (var to = log.Head.Size; to > floor && sought.Count > 0;)
        {
            var from = Math.Max(floor, (to - 1) / Block * Block);
            var block = await log.ReadAsync(from, to, cancellationToken);
            blocks.Push(block);
            foreach (var entry in block)
                if (entry["control"] is { } control && entry["posture"] == posture.Hash)
                    sought.Remove(control);
            to = from;
        }

        var found = new ResultState(posture.Hash, options.ValidFor, state.FaultCount);
        foreach (var entry in blocks.SelectMany(block => block)) found.Add(entry, now);
        await ReadChangesAsync(log, found, cancellationToken);
        await ReadDrillsAsync(log, found, cancellationToken);
        await ReadAdoptionsAsync(log, found, cancellationToken);
        return found;
    }

    /// <summary>Follows the changes back, from one to the one before.</summary>
    private static async Task ReadChangesAsync(VerifiedLog log, ResultState found, CancellationToken cancellationToken)
    {
        while (found.OldestChange is { } index && index >= log.PrunedTo && found.ChangeCount < ResultState.MaxChanges)
        {
            var entry = await OneAsync(log, index, cancellationToken);
            if (entry.Fault is null && CheckRun.Read(entry) is { IsChange: true } change)
            {
                found.AddEarlier(change);
                continue;
            }
            found.Report($"Entry {index} of the operator's log, at which a control failed or recovered, {entry.Fault ?? "is something else"}.");
            return;
        }
    }

    private static async Task ReadDrillsAsync(VerifiedLog log, ResultState found, CancellationToken cancellationToken)
    {
        foreach (var control in found.Controls.ToList())
        {
            var links = found.RunOf(control)!.Links;
            if (!found.HasDrill(control) && links.Drill is { } newest) await ReadDrillAsync(log, found, control, newest, true, cancellationToken);
            if (!found.HasDrillSeenRed(control) && links.DrillSeenRed is { } seen) await ReadDrillAsync(log, found, control, seen, false, cancellationToken);
        }
    }

    private static async Task ReadDrillAsync(VerifiedLog log, ResultState found, string control, long index, bool isNewest, CancellationToken cancellationToken)
    {
        if (index < log.PrunedTo) return;
        var entry = await OneAsync(log, index, cancellationToken);
        if (entry.Fault is null && DrillRun.Read(entry) is { } drill && drill.Control == control) found.AddDrill(drill, isNewest);
        else found.Report($"Entry {index} of the operator's log, the drill of {control}, {entry.Fault ?? "is something else"}.");
    }

    private static async Task ReadAdoptionsAsync(VerifiedLog log, ResultState found, CancellationToken cancellationToken)
    {
        while ((found.OldestAdoption is { } oldest ? oldest.Before : found.Newest?.Links.Posture) is { } index && index >= log.PrunedTo && found.AdoptionCount < MaxAdoptions)
        {
            var entry = await OneAsync(log, index, cancellationToken);
            if (entry.Fault is null && entry.Event == Adoption.Event && Adoption.Read(entry) is { } adoption)
            {
                found.AddEarlier(adoption);
                continue;
            }
            found.Report($"Entry {index} of the operator's log, at which a posture was adopted, {entry.Fault ?? "is something else"}.");
            return;
        }
    }

    private static async Task<VerifiedEntry> OneAsync(VerifiedLog log, long index, CancellationToken cancellationToken) =>
        (await log.ReadAsync(index, index + 1, cancellationToken))[0];
}
