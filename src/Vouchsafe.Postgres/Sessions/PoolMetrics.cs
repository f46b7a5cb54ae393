using System.Diagnostics.Metrics;

namespace Vouchsafe.Postgres.Sessions;

/// <summary>Security events of the sessions' connections, on the meter <c>Vouchsafe.Postgres</c>.</summary>
internal static class PoolMetrics
{
    internal const string MeterName = "Vouchsafe.Postgres";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Connections = Meter.CreateCounter<long>("vouchsafe.connections.discarded", "{connection}",
        "Connections closed because a session ran something other than reading or changing rows.");

    /// <param name="canary">By a check, which leaves traps to see that they are not handed on.</param>
    internal static void Discarded(string login, bool canary) =>
        Connections.Add(1, new KeyValuePair<string, object?>("login", login), new KeyValuePair<string, object?>("canary", canary));
}
