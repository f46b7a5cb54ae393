using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Edge.Tests.Running;

/// <summary>The postures that ship, as they ship.</summary>
internal static class TestPosture
{
    public static Posture Load(string name) => PostureFile.Load(File(name));

    public static string File(string name) => Path.Combine(Root(), "postures", name + ".yaml");

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Vouchsafe.slnx")))
                return folder.FullName;
        throw new DirectoryNotFoundException("Vouchsafe.slnx is in no folder above the tests.");
    }
}
