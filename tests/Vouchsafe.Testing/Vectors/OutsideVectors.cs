namespace Vouchsafe.Testing.Vectors;

/// <summary>
/// Test vectors that others published. They are not part of the repository: they stand beside the checkout in
/// <c>../shared/vectors</c>, or where VOUCHSAFE_VECTORS points. A test that misses them says so and is skipped.
/// </summary>
public static class OutsideVectors
{
    /// <summary>The path of a file or folder among the vectors, or null where it is absent.</summary>
    public static string? Find(string name)
    {
        var path = Path.Combine(Root(), name);
        return Path.Exists(path) ? path : null;
    }

    /// <summary>Why a test that needs them was skipped.</summary>
    public static string Missing(string name) => $"the outside vectors {name} are not in ../shared/vectors; set VOUCHSAFE_VECTORS";

    private static string Root()
    {
        if (Environment.GetEnvironmentVariable("VOUCHSAFE_VECTORS") is { Length: > 0 } given)
            return given;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Vouchsafe.slnx")))
                return Path.Combine(folder.FullName, "..", "shared", "vectors");
        return "vectors";
    }
}
