using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Hosting.Limits;

/// <summary>The door to the set-up endpoints. Once closed it never opens again. The edge answers.</summary>
public interface ISetupDoor
{
    /// <summary>Closes the door in the session's open transaction.</summary>
    Task CloseAsync(PlatformSession session, CancellationToken cancellationToken);
}
