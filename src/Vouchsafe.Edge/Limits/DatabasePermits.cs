using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Edge.Limits;

/// <summary>Counts permits in <c>edge.permits</c>.</summary>
internal sealed class DatabasePermits(IDatabase database, NodeId node) : IPermits
{
    internal const string Channel = "vouchsafe_edge_permits";
    private const string Take = "select granted, wait, others, others_to from edge.take($1, $2, $3, $4, $5, $6, $7)";
    private const string GiveBack = "select edge.give_back($1, $2, $3, $4, $5)";
    private const string Notify = "select pg_notify('" + Channel + "', $1)";
    private static readonly Actor Edge = Actor.System("edge");

    public async Task<Taken> TakeAsync(ClientLimit limit, ClientKey key, Guid grant, int most, Lease? before, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Edge);
        if (before is not null)
            await session.ExecuteBatchAsync([Return(before)], cancellationToken);
        var taken = await session.ListAsync(Take, [key.ToBytes(), node.Value, grant, limit.Permits, limit.Window, most, limit.Lease],
            row => new Taken(row.GetInt32(0), row.GetTimeSpan(1), row.GetInt32(2), row.IsDBNull(3) ? TimeSpan.Zero : row.GetTimeSpan(3)), cancellationToken);
        return taken[0];
    }

    public async Task GiveBackAsync(IReadOnlyList<Lease> leases, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Edge);
        // In the order of keys, so that two nodes that give back together never wait for one another in a circle.
        foreach (var some in leases.OrderBy(lease => lease.Key.Value).Chunk(200))
            await session.ExecuteBatchAsync([.. some.Select(Return)], cancellationToken);
    }

    public async Task RecallAsync(ClientKey key, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Edge);
        await session.ExecuteBatchAsync([new Statement(Notify, $"recall {key} {node}")], cancellationToken);
    }

    public async Task AnswerRecallAsync(Lease? lease, ClientKey key, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Edge);
        var back = new Statement(Notify, $"back {key} {node}");
        await session.ExecuteBatchAsync(lease is null ? [back] : [Return(lease), back], cancellationToken);
    }

    private static Statement Return(Lease lease) =>
        new(GiveBack, lease.Key.ToBytes(), lease.Grant, lease.Used, lease.Age, lease.Limit.Window);
}

/// <summary>This process among the nodes; a new one each time it starts.</summary>
internal sealed record NodeId(Guid Value)
{
    public override string ToString() => Value.ToString("N");
}
