using Npgsql;

namespace Vouchsafe.Postgres.Sessions;

/// <summary>What the sessions of one login share.</summary>
internal sealed record Connector(NpgsqlDataSource Source, TimeProvider Time, IServiceProvider? Services);
