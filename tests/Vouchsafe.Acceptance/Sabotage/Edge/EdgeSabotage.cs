using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Edge;
using Vouchsafe.Testing.Sabotage;

namespace Vouchsafe.Acceptance.Sabotage.Edge;

/// <summary>Puts a broken part into the running edge of each node, and the sound one back.</summary>
internal abstract class EdgeSabotage<TPart>(string control, string name, string expected) : ISabotage
    where TPart : class
{
    public string Control => control;

    public string Name => name;

    public string ExpectedMessageFragment => expected;

    public Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        foreach (var (at, services) in context.Nodes.Index())
        {
            var controls = services.GetRequiredService<EdgeControls>();
            var sound = Get(controls);
            context.Kept[$"{Name} {at}"] = sound;
            Set(controls, Broken(sound, services));
        }
        return Task.FromResult(Changed(context));
    }

    public Task MendAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        foreach (var (at, services) in context.Nodes.Index())
            if (context.Kept.Remove($"{Name} {at}", out var sound))
                Set(services.GetRequiredService<EdgeControls>(), (TPart)sound);
        return Task.CompletedTask;
    }

    protected abstract TPart Get(EdgeControls controls);

    protected abstract void Set(EdgeControls controls, TPart part);

    protected abstract TPart Broken(TPart sound, IServiceProvider node);

    /// <summary>What is different now; null where the broken part does the same as the sound one.</summary>
    protected abstract string? Difference(TPart sound, TPart broken);

    private string? Changed(SabotageContext context)
    {
        foreach (var (at, services) in context.Nodes.Index())
            if (Difference((TPart)context.Kept[$"{Name} {at}"], Get(services.GetRequiredService<EdgeControls>())) is not { } difference) return null;
            else if (at == context.Nodes.Count - 1) return difference;
        return null;
    }
}
