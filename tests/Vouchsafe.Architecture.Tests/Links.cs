using System.Text.RegularExpressions;
using Xunit;

namespace Vouchsafe.Architecture.Tests;

/// <summary>A link to a page that isn't there promises what isn't kept.</summary>
public sealed partial class Links
{
    [Fact]
    public void Every_link_between_pages_leads_somewhere()
    {
        var broken = RepositoryRoot.Files("*.md").SelectMany(page => Link().Matches(File.ReadAllText(page))
            .Select(match => match.Groups[1].Value.Split('#')[0])
            .Where(target => target.Length > 0 && !target.Contains(':', StringComparison.Ordinal))
            .Where(target => Path.GetFullPath(target, Path.GetDirectoryName(page)!) is var file && !File.Exists(file) && !Directory.Exists(file))
            .Select(target => $"{RepositoryRoot.Relative(page)} -> {target}"));
        Assert.Empty(broken);
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
