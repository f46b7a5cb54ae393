using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Vouchsafe.Architecture.Tests;

/// <summary>Rules of the house that a reader would otherwise have to check by hand.</summary>
public sealed partial class Housekeeping
{
    private const int LongestFile = 500;

    [Fact]
    public void No_folder_has_a_name_that_says_nothing()
    {
        string[] empty = ["helpers", "helper", "utils", "util", "common", "misc", "managers", "services"];
        var offenders = RepositoryRoot.Files("*.cs")
            .Select(file => Path.GetDirectoryName(RepositoryRoot.Relative(file))!)
            .Distinct()
            .Where(folder => empty.Contains(Path.GetFileName(folder).ToLowerInvariant()));
        Assert.Empty(offenders);
    }

    [Fact]
    public void No_source_file_is_two_things()
    {
        var offenders = new[] { "*.cs", "*.razor", "*.sql", "*.js" }
            .SelectMany(RepositoryRoot.Files)
            .Where(file => File.ReadLines(file).Count() > LongestFile)
            .Select(RepositoryRoot.Relative);
        Assert.Empty(offenders);
    }

    [Fact]
    public void Nothing_unfinished_is_left_in_the_product()
    {
        var offenders = RepositoryRoot.Files("*.cs")
            .Where(file => RepositoryRoot.Relative(file).StartsWith("src", StringComparison.Ordinal)
                || RepositoryRoot.Relative(file).StartsWith("samples", StringComparison.Ordinal))
            .Where(file => Unfinished().IsMatch(File.ReadAllText(file)))
            .Select(RepositoryRoot.Relative);
        Assert.Empty(offenders);
    }

    [Fact]
    public void Package_versions_stand_in_one_place()
    {
        var offenders = RepositoryRoot.Files("*.csproj")
            .Where(file => XDocument.Load(file).Descendants("PackageReference").Any(package => package.Attribute("Version") is not null))
            .Select(RepositoryRoot.Relative);
        Assert.Empty(offenders);
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "Vouchsafe.slnx")).Replace('\\', '/');
        var offenders = RepositoryRoot.Files("*.csproj")
            .Select(file => RepositoryRoot.Relative(file).Replace('\\', '/'))
            .Where(file => !solution.Contains(file, StringComparison.Ordinal));
        Assert.Empty(offenders);
    }

    [GeneratedRegex(@"\b(TODO|FIXME|HACK)\b|NotImplementedException")]
    private static partial Regex Unfinished();
}
