namespace Vouchsafe.Hosting.Access;

/// <summary>A path on this host to return to after signing in. Anything that a browser could take for another host is refused.</summary>
public static class LocalPath
{
    private const int Longest = 2000;

    /// <summary>Whether the path starts with exactly one slash and holds no backslash, control character or non-ASCII character.</summary>
    public static bool IsLocal(string? path)
    {
        if (path is not ['/', ..] || path.Length > Longest) return false;
        // Browsers read a backslash as a slash, and drop tabs and line breaks before they parse: "/\t/evil" is "//evil".
        foreach (var character in path)
            if (character is '\\' or <= ' ' or >= '\x7f') return false;
        return path.Length == 1 || path[1] != '/';
    }

    /// <summary>The path itself where it is local, else <paramref name="otherwise"/>.</summary>
    public static string Or(string? path, string otherwise) => IsLocal(path) ? path! : otherwise;
}
