using System.Net.Sockets;
using Npgsql;

namespace Vouchsafe.Postgres.Errors;

/// <summary>Tells a database that is away, full or overloaded from a mistake in a statement: the first passes by itself.</summary>
public static class DatabaseOutage
{
    private const int MaxDepth = 8;

    /// <summary>Whether a failure comes from an outage: ours, the driver's, or either inside what a library wrapped around it (EF Core, Dapper).</summary>
    public static bool IsCauseOf(Exception failure)
    {
        var (cause, depth) = ((Exception?)failure, 0);
        while (cause is not null && depth++ < MaxDepth)
        {
            if (IsOutage(cause))
                return true;
            cause = cause.InnerException;
        }

        return false;
    }

    private static bool IsOutage(Exception cause) => cause switch
    {
        DatabaseUnreachableException => true,
        DatabaseRefusedException refused => refused.Refusal is Refusal.TooBusy or Refusal.TooSlow or Refusal.Conflict,
        PostgresException refused => Translation.RefusalOf(refused.SqlState) is Refusal.TooBusy or Refusal.TooSlow or Refusal.Conflict,
        NpgsqlOperationInProgressException => false,
        NpgsqlException => true,
        SocketException or TimeoutException => true,
        // Somebody else's use of a connection that broke under it. Of a session of ours that was disposed too early it is not: that is a mistake.
        ObjectDisposedException broken => broken.ObjectName.StartsWith("Npgsql", StringComparison.Ordinal)
            || broken.ObjectName.StartsWith("System.Net.S", StringComparison.Ordinal),
        _ => false,
    };
}
