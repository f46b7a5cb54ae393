using System.Security.Cryptography;
using System.Text;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Claims.Wording;
using Vouchsafe.Testing.Documents;
using Xunit;

namespace Vouchsafe.Claims.Tests.Postures;

/// <summary>The worked example of docs/formats/posture.md, and those of the guide to writing one.</summary>
public sealed class PostureDocumentation
{
    private readonly WorkedExample example = WorkedExample.Of("docs/formats/posture.md");

    [Fact]
    public void The_posture_has_the_hash_of_the_canonical_content_shown()
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Assert.Single(example.Blocks("canonical")))));
        Assert.Equal(example["hash"], hash);
        Assert.Equal(hash, PostureFile.Parse(Assert.Single(example.Blocks("posture"))).Hash);
    }

    [Fact]
    public void The_languages_told_are_those_known() =>
        Assert.Contains("Known: " + string.Join(", ", Language.All.Select(language => language.Code)) + " |",
            File.ReadAllText(RepositoryRoot.File("docs", "formats", "posture.md")), StringComparison.Ordinal);

    [Fact]
    public void Every_posture_in_the_guide_is_good()
    {
        var postures = WorkedExample.Of("docs/guides/writing-a-posture.md").Blocks("yaml");
        Assert.NotEmpty(postures);
        Assert.All(postures, text => Assert.NotEmpty(PostureFile.Parse(text, "guide", RepositoryRoot.File("postures")).Claims));
    }
}
