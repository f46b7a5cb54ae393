namespace Vouchsafe.Architecture.Tests;

internal static class RepositoryRoot
{
    /// <summary>The folder that holds Vouchsafe.slnx, above the test's binaries.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Vouchsafe.slnx")))
                return folder.FullName;
        throw new DirectoryNotFoundException("Vouchsafe.slnx is in no folder above the tests.");
    }

    /// <summary>Files that are part of the source: not built, not downloaded.</summary>
    public static IEnumerable<string> Files(string pattern) =>
        Directory.EnumerateFiles(Path, pattern, SearchOption.AllDirectories)
            .Where(file => !file.Split(System.IO.Path.DirectorySeparatorChar)
                .Any(part => part is "bin" or "obj" or "node_modules" or ".git" or ".data" or "artifacts"));

    public static string Relative(string file) => System.IO.Path.GetRelativePath(Path, file);
}
