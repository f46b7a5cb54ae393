using Npgsql;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Postgres.Sessions;

/// <summary>From CLR values to parameters.</summary>
internal static class Arguments
{
    internal static NpgsqlBatchCommand Command(string sql, object?[] args)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var arg in args)
            command.Parameters.Add(arg switch
            {
                // A parameter belongs to one statement: the caller may use it again.
                NpgsqlParameter given => given.Clone(),
                null => new NpgsqlParameter { Value = DBNull.Value },
                Guid id => new NpgsqlParameter<Guid> { TypedValue = id },
                TenantId tenant => new NpgsqlParameter<Guid> { TypedValue = tenant.Value },
                string text => new NpgsqlParameter<string> { TypedValue = text },
                long number => new NpgsqlParameter<long> { TypedValue = number },
                int number => new NpgsqlParameter<int> { TypedValue = number },
                // The driver takes moments in UTC alone.
                DateTimeOffset moment => new NpgsqlParameter<DateTimeOffset> { TypedValue = moment.ToUniversalTime() },
                _ => new NpgsqlParameter { Value = arg },
            });
        return command;
    }
}
