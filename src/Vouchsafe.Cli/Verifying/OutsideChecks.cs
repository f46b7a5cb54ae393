using System.Reflection;
using Vouchsafe.Claims.Checks;

namespace Vouchsafe.Cli.Verifying;

/// <summary>The checks that need nothing but an address.</summary>
internal static class OutsideChecks
{
    /// <summary>By control. Found by their type, so that a module's new check is run without being listed here.</summary>
    public static IReadOnlyDictionary<string, ICheck> All { get; } = Assemblies(typeof(VouchsafeApplication).Assembly, new(StringComparer.Ordinal))
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => type is { IsClass: true, IsAbstract: false } && typeof(ICheck).IsAssignableFrom(type) && type.GetConstructor(Type.EmptyTypes) is not null)
        .Select(type => (ICheck)Activator.CreateInstance(type)!)
        .Where(check => check.Vantage == Vantage.Outside)
        .ToDictionary(check => check.Control, StringComparer.Ordinal);

    private static HashSet<Assembly> Assemblies(Assembly assembly, HashSet<string> seen)
    {
        var found = new HashSet<Assembly> { assembly };
        foreach (var name in assembly.GetReferencedAssemblies().Where(name => name.Name?.StartsWith("Vouchsafe", StringComparison.Ordinal) == true && seen.Add(name.Name)))
            found.UnionWith(Assemblies(Assembly.Load(name), seen));
        return found;
    }
}
