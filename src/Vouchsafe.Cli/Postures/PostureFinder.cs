using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Cli.Postures;

/// <summary>Finds a posture by its file, or by its name among those at hand.</summary>
internal static class PostureFinder
{
    /// <exception cref="FileNotFoundException">There is none of that name.</exception>
    /// <exception cref="PostureException">It can't be used.</exception>
    public static Posture Load(string nameOrFile)
    {
        var candidates = new[]
        {
            nameOrFile,
            Path.Combine(Environment.CurrentDirectory, "postures", nameOrFile + ".yaml"),
            Path.Combine(AppContext.BaseDirectory, "postures", nameOrFile + ".yaml"),
        };
        return PostureFile.Load(Array.Find(candidates, File.Exists)
            ?? throw new FileNotFoundException($"No posture {nameOrFile}: neither a file nor a name in postures/."));
    }
}
