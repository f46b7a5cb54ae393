using Microsoft.Extensions.Logging;
using Vouchsafe.Assurance.Running;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Assurance.Results;

/// <summary>Appends results to the operator's log, one at a time across all nodes, each tied to the one before it.</summary>
internal sealed partial class ResultRecorder(ResultLog results, Turns turns, IDatabase database, ILogger<ResultRecorder> log)
{
    private const string Turn = "results";

    /// <summary>Records what the caller makes of the results so far.</summary>
    /// <param name="compose">The event without its links, and the control it is about, or null.</param>
    /// <returns>The results with the new entry, or those before where there was nothing to record.</returns>
    public async Task<ResultSnapshot> RecordAsync(Func<ResultSnapshot, (AuditEvent Event, string? Control)?> compose, CancellationToken cancellationToken)
    {
        await using var turn = await turns.TakeAsync(Turn, cancellationToken);
        var known = await results.ReadAsync(sequence: true, cancellationToken);
        if (compose(known) is not var (what, control)) return known;
        var links = control is null ? known.Next : known.LinksOf(control);
        Guid entry;
        await using (var session = database.Tenant(SystemLog.Scope(Actor.System("assurance"))))
            entry = await session.RecordAsync(new AuditEvent(what.Name, [.. what.Fields, .. links.Fields]), cancellationToken);
        var now = await results.ReadAsync(sequence: true, cancellationToken);
        if (now.Next.Sequence > links.Sequence) return now;
        NotThere(entry);
        if (control is not null) await results.LoseAsync(control, cancellationToken);
        return now;
    }

    [LoggerMessage(2020, LogLevel.Error, "The entry {Entry} was recorded and didn't get into the operator's log: nobody will see this result.")]
    private partial void NotThere(Guid entry);
}
