namespace Vouchsafe.Hosting.Modules;

/// <summary>Fills an empty database with demo data. Runs in the migrating process, when asked; never in one that serves.</summary>
public interface ISeed
{
    /// <summary>Adds the data where it is missing; a second call changes nothing.</summary>
    /// <returns>Lines for the person who started it: demo sign-ins, for one.</returns>
    Task<IReadOnlyList<string>> SeedAsync(CancellationToken cancellationToken);
}
