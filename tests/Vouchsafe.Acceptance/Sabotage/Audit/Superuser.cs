using Npgsql;
using Vouchsafe.Testing.Sabotage;

namespace Vouchsafe.Acceptance.Sabotage.Audit;

internal static class Superuser
{
    public static async Task<NpgsqlConnection> OpenAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(context.Superuser) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    public static async Task<object?> ScalarAsync(SabotageContext context, string sql, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(context, cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
