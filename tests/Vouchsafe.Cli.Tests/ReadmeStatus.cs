using Vouchsafe.Claims.Postures;
using Vouchsafe.Cli.Postures;
using Xunit;

namespace Vouchsafe.Cli.Tests;

/// <summary>Holds the README's status table to the postures and the catalogue.</summary>
public sealed class ReadmeStatus
{
    private const string Begin = "<!-- status:begin -->\n", End = "<!-- status:end -->";

    [Fact]
    public void The_table_says_what_is_built_and_no_more()
    {
        var root = Root();
        var expected = StatusTable.Render(
            new[] { "apower-flex", "apshan", "clientflow", "fluxi" }.Select(name => PostureFile.Load(Path.Combine(root, "postures", name + ".yaml"))));
        var file = Path.Combine(root, "README.md");
        var readme = File.ReadAllText(file);
        var from = readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var to = readme.IndexOf(End, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("VOUCHSAFE_WRITE_README") == "1")
            File.WriteAllText(file, readme[..from] + expected + "\n" + readme[to..]);
        else
            Assert.Equal(expected.Trim(), readme[from..to].Trim());
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Vouchsafe.slnx")))
                return folder.FullName;
        throw new DirectoryNotFoundException("Vouchsafe.slnx is in no folder above the tests.");
    }
}
