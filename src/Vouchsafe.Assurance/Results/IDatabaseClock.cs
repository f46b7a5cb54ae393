using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Assurance.Results;

/// <summary>What time it is in the database: a clock that isn't this node's.</summary>
internal interface IDatabaseClock
{
    Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken);
}

/// <inheritdoc/>
internal sealed class DatabaseClock(IDatabase database) : IDatabaseClock
{
    private static readonly Actor Assurance = Actor.System("assurance");

    public async Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Assurance);
        return await session.SingleOrDefaultAsync("select clock_timestamp()", [], row => row.GetFieldValue<DateTimeOffset>(0), cancellationToken);
    }
}
