using Npgsql;

namespace Vouchsafe.Postgres.Sessions;

/// <summary>How a sealed context gets to where the policies read it. A strategy, because <c>set_config</c> doesn't reach the workers of a distributed cluster.</summary>
public interface IContextSetter
{
    /// <summary>A statement that sets the context, and the transaction's mode, for the rest of the transaction and no longer.</summary>
    NpgsqlBatchCommand Set(string context, bool readOnly);
}

/// <summary>One server: a prepared <c>set_config</c>, local to the transaction.</summary>
internal sealed class LocalContextSetter : IContextSetter
{
    public NpgsqlBatchCommand Set(string context, bool readOnly) =>
        new(readOnly
            ? "select set_config('vouchsafe.context', $1, true), set_config('transaction_read_only', 'on', true)"
            : "select set_config('vouchsafe.context', $1, true)")
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = context } },
        };
}
