using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Cli.Postures;

/// <summary>Finds a posture by its file, or by its name among those at hand.</summary>
internal static class PostureFinder
{
    private const int MaxName = 64;

    /// <summary>
    /// The posture of a name that somebody else gave: it is looked up among those at hand and is never a path, or the server that is judged would
    /// choose the file that it is held to.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is none of that name, or it is none. The message doesn't repeat a name that isn't well formed.</exception>
    public static Posture LoadNamed(string name)
    {
        if (name.Length is 0 or > MaxName || name.Any(character => !char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character) && character != '-'))
            throw new FileNotFoundException("The statement names no posture by a name that one can have. Name the posture to verify against with --posture.");
        var posture = Load(name, [.. InFolders(name)]);
        return posture.Name == name ? posture : throw new FileNotFoundException($"The file at hand for the posture {name} holds another one. Name it with --posture.");
    }

    /// <exception cref="FileNotFoundException">There is none of that name.</exception>
    /// <exception cref="PostureException">It can't be used.</exception>
    public static Posture Load(string nameOrFile) => Load(nameOrFile, [nameOrFile, .. InFolders(nameOrFile)]);

    private static Posture Load(string nameOrFile, string[] candidates) => PostureFile.Load(Array.Find(candidates, File.Exists)
        ?? throw new FileNotFoundException($"No posture {nameOrFile}: neither a file nor a name in postures/."));

    private static IEnumerable<string> InFolders(string name) =>
    [
        Path.Combine(Environment.CurrentDirectory, "postures", name + ".yaml"),
        Path.Combine(AppContext.BaseDirectory, "postures", name + ".yaml"),
    ];
}
