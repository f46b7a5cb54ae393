using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Assurance.Running;

/// <summary>
/// One look or drill at a control at a time, across all nodes: while a drill has a control broken on purpose nobody may take that for a breakage in
/// earnest, and two looks at once would see each other's canaries. A turn is a lock of the database's, so it ends with the process that holds it.
/// </summary>
internal sealed class Turns(IDatabase database)
{
    private static readonly Actor Assurance = Actor.System("assurance");

    /// <summary>Waits for the control's turn; it lasts until the answer is disposed.</summary>
    public async Task<IAsyncDisposable> TakeAsync(string control, CancellationToken cancellationToken)
    {
        while (true)
        {
            var session = database.Platform(Assurance);
            try
            {
                await session.BeginAsync(cancellationToken);
                // A drill's three looks may take longer than the server lets a transaction rest.
                await session.ExecuteAsync("set local idle_in_transaction_session_timeout = 0", [], cancellationToken);
                await session.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('assurance.control ' || $1, 0))", [control], cancellationToken);
                return session;
            }
            catch (DatabaseRefusedException slow) when (slow.Refusal == Refusal.TooSlow && !cancellationToken.IsCancellationRequested)
            {
                // A long drill; the turn comes.
                await session.DisposeAsync();
            }
            catch
            {
                await session.DisposeAsync();
                throw;
            }
        }
    }
}
