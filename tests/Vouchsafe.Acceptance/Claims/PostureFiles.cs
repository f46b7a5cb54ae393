using System.Collections.Concurrent;
using Vouchsafe.Claims.Controls;
using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Acceptance.Claims;

/// <summary>The shipped postures, as they lie beside the application.</summary>
internal static class PostureFiles
{
    public static readonly string[] Names = ["apower-flex", "apshan", "clientflow", "fluxi"];

    private static readonly ConcurrentDictionary<string, Posture> Read = new();

    public static Posture Load(string name) =>
        Read.GetOrAdd(name, static named => PostureFile.Load(Path.Combine(AppContext.BaseDirectory, "postures", named + ".yaml")));
}

internal static class ControlStages
{
    public static bool IsBuilt(string control) => ControlCatalogue.All.Single(definition => definition.Id == control).Stage == Stage.Built;
}
