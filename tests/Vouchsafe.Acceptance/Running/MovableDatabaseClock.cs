using Vouchsafe.Assurance.Results;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Acceptance.Running;

/// <summary>The database's clock, which a sabotage can move: to the application it is the same whether that one or the node's own is wrong.</summary>
internal sealed class MovableDatabaseClock(IDatabase database) : IDatabaseClock
{
    private readonly DatabaseClock clock = new(database);

    public TimeSpan Ahead { get; set; }

    public async Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) => await clock.NowAsync(cancellationToken) + Ahead;
}
