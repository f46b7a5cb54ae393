using Vouchsafe.Postgres.Health;

namespace Vouchsafe.Postgres.Sessions;

/// <summary>What the sessions of one login share.</summary>
internal sealed record Connector(ConnectionPool Pool, TimeProvider Time, IServiceProvider? Services)
{
    /// <summary>Shared by both logins.</summary>
    public required WriteFailures WriteFailures { get; init; }
}
