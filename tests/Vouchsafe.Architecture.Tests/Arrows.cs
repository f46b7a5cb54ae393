using System.Xml.Linq;
using Xunit;

namespace Vouchsafe.Architecture.Tests;

/// <summary>Holds docs/architecture.md's arrows in place: which project may reference which.</summary>
public sealed class Arrows
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Vouchsafe.Cryptography"] = [],
        ["Vouchsafe.Transparency"] = ["Vouchsafe.Cryptography"],
        ["Vouchsafe.Claims"] = ["Vouchsafe.Cryptography", "Vouchsafe.Transparency"],
        ["Vouchsafe.Postgres"] = ["Vouchsafe.Cryptography", "Vouchsafe.Claims"],
        ["Vouchsafe.Audit"] = ["Vouchsafe.Postgres", "Vouchsafe.Transparency", "Vouchsafe.Cryptography", "Vouchsafe.Claims"],
        ["Vouchsafe.Mail"] = ["Vouchsafe.Postgres", "Vouchsafe.Cryptography"],
        ["Vouchsafe.Hosting"] = ["Vouchsafe.Postgres", "Vouchsafe.Audit", "Vouchsafe.Mail", "Vouchsafe.Claims"],
        ["Vouchsafe.Edge"] = ["Vouchsafe.Hosting"],
        ["Vouchsafe.Identity"] = ["Vouchsafe.Hosting"],
        ["Vouchsafe.Tenants"] = ["Vouchsafe.Hosting"],
        ["Vouchsafe.Assurance"] = ["Vouchsafe.Hosting"],
        ["Vouchsafe.Web"] = ["Vouchsafe.Edge", "Vouchsafe.Identity", "Vouchsafe.Tenants", "Vouchsafe.Assurance", "Vouchsafe.Hosting"],
        ["Vouchsafe"] = ["Vouchsafe.Web"],
        ["Vouchsafe.Cli"] = ["Vouchsafe"],
    };

    public static TheoryData<string> Projects()
    {
        var projects = new TheoryData<string>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src"), "*.csproj", SearchOption.AllDirectories))
            projects.Add(Path.GetFileNameWithoutExtension(file));
        return projects;
    }

    [Theory, MemberData(nameof(Projects))]
    public void A_project_references_only_what_its_room_may_see(string project)
    {
        Assert.True(Allowed.ContainsKey(project), $"{project} is in no room: add it to docs/architecture.md and to this table.");
        var file = Path.Combine(RepositoryRoot.Path, "src", project, project + ".csproj");
        var references = XDocument.Load(file).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!));
        Assert.Empty(references.Except(Allowed[project]));
    }

    [Theory]
    [InlineData("Vouchsafe.Cryptography")]
    [InlineData("Vouchsafe.Transparency")]
    [InlineData("Vouchsafe.Claims")]
    public void A_pure_project_knows_neither_database_nor_web(string project)
    {
        var text = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "src", project, project + ".csproj"));
        Assert.DoesNotContain("Npgsql", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Microsoft.AspNetCore.App", text, StringComparison.Ordinal);
    }
}
