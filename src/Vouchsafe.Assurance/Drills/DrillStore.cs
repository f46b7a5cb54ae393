using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Assurance.Drills;

/// <summary>The drills that are under way, or were cut off: what has to be put right. How drills ended stands in the operator's log.</summary>
internal sealed class DrillStore(IDatabase database)
{
    private static readonly Actor Assurance = Actor.System("assurance");

    public async Task<IReadOnlySet<string>> BegunAsync(CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Assurance);
        return (await session.ListAsync("select control from assurance.drills_begun", [], row => row.GetString(0), cancellationToken)).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Before anything is broken: whoever finds the row later knows that there is something to put right.</summary>
    public async Task BeginAsync(string control, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Assurance);
        await session.ExecuteAsync(
            "insert into assurance.drills_begun (control, began_at) values ($1, $2) on conflict (control) do update set began_at = excluded.began_at", [control, at], cancellationToken);
    }

    /// <summary>After everything is whole again.</summary>
    public async Task EndAsync(string control, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Assurance);
        await session.ExecuteAsync("delete from assurance.drills_begun where control = $1", [control], cancellationToken);
    }
}
