namespace Vouchsafe.Testing.Vectors;

/// <summary>Test vectors that other projects published, kept unedited in <c>tests/Vectors</c> with their licences.</summary>
public static class TestVectors
{
    private static readonly string Root = FindRoot();

    /// <summary>The path of a file or folder below <c>tests/Vectors</c>.</summary>
    /// <exception cref="FileNotFoundException">It isn't there: the checkout is incomplete.</exception>
    public static string PathOf(string name)
    {
        var path = Path.Combine(Root, name);
        return Path.Exists(path) ? path : throw new FileNotFoundException("The checkout lacks a test vector.", path);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Vouchsafe.slnx")))
                return Path.Combine(folder.FullName, "tests", "Vectors");
        throw new DirectoryNotFoundException("No checkout was found above the test's own folder.");
    }
}
