using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Testing.Sabotage;

namespace Vouchsafe.Acceptance.Sabotage.Tenancy;

/// <summary>Connections go back to the pool with whatever was left on them.</summary>
internal sealed class HandedOnConnections : ISabotage
{
    private const string Faults = "handed-on";

    public string Control => "tenancy.data-layer";

    public string Name => "hand tainted connections to the next session";

    public string ExpectedMessageFragment => "The next tenant's session gets a connection";

    public Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        context.Kept[Faults] = context.Nodes.Select(node => node.GetRequiredService<Database>().AppPool.Break(canariesAlone: false)).ToList();
        return Task.FromResult<string?>("the pools of all nodes close no connection");
    }

    public Task MendAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        foreach (var fault in (List<IDisposable>)context.Kept[Faults])
            fault.Dispose();
        return Task.CompletedTask;
    }
}
