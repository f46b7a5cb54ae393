namespace Vouchsafe.Postgres.Sessions;

/// <summary>What the sessions of one login share.</summary>
internal sealed record Connector(ConnectionPool Pool, TimeProvider Time, IServiceProvider? Services);
