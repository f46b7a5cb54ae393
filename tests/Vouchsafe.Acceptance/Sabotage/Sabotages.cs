using Vouchsafe.Testing.Sabotage;

namespace Vouchsafe.Acceptance.Sabotage;

/// <summary>Every sabotage there is, found by its type.</summary>
internal static class Sabotages
{
    private static readonly ILookup<string, ISabotage> ByControl =
        new[] { typeof(Sabotages).Assembly, typeof(ISabotage).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type is { IsClass: true, IsAbstract: false } && typeof(ISabotage).IsAssignableFrom(type))
            .Select(type => (ISabotage)Activator.CreateInstance(type)!)
            .ToLookup(sabotage => sabotage.Control);

    public static IEnumerable<string> Controls => ByControl.Select(group => group.Key);

    public static IEnumerable<ISabotage> Of(string control) => ByControl[control].OrderBy(sabotage => sabotage.Name, StringComparer.Ordinal);
}
