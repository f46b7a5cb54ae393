namespace Vouchsafe.Testing.Sabotage;

/// <summary>Breaks one control on purpose, so that its check can be seen to turn red.</summary>
public interface ISabotage
{
    /// <summary>The control that is broken, as the catalogue names it.</summary>
    string Control { get; }

    /// <summary>What is done, in a few words: «drop a policy».</summary>
    string Name { get; }

    /// <summary>A part of the message with which the check must answer.</summary>
    string ExpectedMessageFragment { get; }

    /// <summary>Breaks the control.</summary>
    /// <returns>What was seen to change, in a few words; null where nothing changed: the sabotage is then void, and its test fails.</returns>
    Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken);

    /// <summary>Puts things back as they were.</summary>
    Task MendAsync(SabotageContext context, CancellationToken cancellationToken);
}

/// <summary>The running instance that is broken.</summary>
/// <param name="Owner">Connection string of the schema's owner.</param>
/// <param name="Superuser">Connection string of a superuser to the same database.</param>
/// <param name="Nodes">The services of each node that serves the instance, at least one.</param>
public sealed record SabotageContext(string Owner, string Superuser, IReadOnlyList<IServiceProvider> Nodes)
{
    /// <summary>What a sabotage leaves for its mending: a definition that it replaced.</summary>
    public Dictionary<string, object> Kept { get; } = new(StringComparer.Ordinal);
}
