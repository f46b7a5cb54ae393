using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Assurance.Running;

/// <summary>
/// One look or drill at a control at a time, across all nodes: while a drill has a control broken on purpose nobody may take that for a breakage in
/// earnest, and two looks at once would see each other's canaries. A turn is a row that only this transaction sees, so it ends with the process that holds it.
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
                await session.ExecuteAsync("select vouchsafe.allow_idle_transaction()", [], cancellationToken);
                // Never committed: whoever comes while this transaction is open waits for its end, and then inserts its own.
                await session.ExecuteAsync("insert into assurance.turns (control) values ($1) on conflict (control) do update set control = excluded.control", [control], cancellationToken);
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
