namespace Vouchsafe.Configuration;

/// <summary>Finds the posture that was named: a file, or the name of one under <c>postures/</c>.</summary>
internal static class PostureLocation
{
    /// <param name="named">A path, absolute or relative to one of the folders; or a bare name: <c>clientflow</c>.</param>
    /// <param name="folders">Where to look, first to last: the content root, the application's own folder.</param>
    /// <exception cref="ConfigurationException">It is in none of them.</exception>
    public static string Find(string named, params string[] folders)
    {
        string[] candidates = Path.HasExtension(named) ? [named] : [named, Path.Combine("postures", named + ".yaml")];
        foreach (var folder in folders)
            foreach (var candidate in candidates)
                if (Path.GetFullPath(candidate, folder) is var file && File.Exists(file))
                    return file;
        throw new ConfigurationException(
            $"The posture \"{named}\" was not found. Name a file, or one of: {string.Join(", ", Known(folders))}.");
    }

    private static IEnumerable<string> Known(string[] folders) => folders
        .Select(folder => Path.Combine(folder, "postures"))
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.yaml"))
        .Select(file => Path.GetFileNameWithoutExtension(file))
        .Distinct()
        .Order(StringComparer.Ordinal);
}
