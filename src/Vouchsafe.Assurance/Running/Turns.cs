using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Assurance.Running;

/// <summary>
/// Keeps looks and drills of one control apart, across all nodes: while a drill has a control broken on purpose, nobody may take that for
/// a breakage in earnest. A turn is a lock of the database's, so it ends with the process that holds it.
/// </summary>
internal sealed class Turns(IDatabase database)
{
    private static readonly Actor Assurance = Actor.System("assurance");

    /// <summary>For a look: beside other looks.</summary>
    public Task<IAsyncDisposable> ShareAsync(string control, CancellationToken cancellationToken) => TakeAsync("pg_advisory_xact_lock_shared", control, cancellationToken);

    /// <summary>For a drill: alone.</summary>
    public Task<IAsyncDisposable> AloneAsync(string control, CancellationToken cancellationToken) => TakeAsync("pg_advisory_xact_lock", control, cancellationToken);

    private async Task<IAsyncDisposable> TakeAsync(string function, string control, CancellationToken cancellationToken)
    {
        var session = database.Platform(Assurance);
        try
        {
            await session.BeginAsync(cancellationToken);
            await session.ExecuteAsync($"select {function}(hashtextextended('assurance.control ' || $1, 0))", [control], cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }
}
