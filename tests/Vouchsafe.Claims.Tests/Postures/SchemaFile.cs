using System.Text.Json.Nodes;
using Vouchsafe.Claims.Controls;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Testing.Peers;
using Xunit;

namespace Vouchsafe.Claims.Tests.Postures;

/// <summary>The schema beside the postures is the one that the catalogue gives.</summary>
public sealed class SchemaFile
{
    private static readonly string File = RepositoryRoot.File("postures", "posture.schema.json");

    /// <summary>Written anew with VOUCHSAFE_WRITE_SCHEMA=1, or with <c>vouchsafe posture schema</c>.</summary>
    [Fact]
    public void The_file_is_what_the_catalogue_generates()
    {
        if (Environment.GetEnvironmentVariable("VOUCHSAFE_WRITE_SCHEMA") == "1") System.IO.File.WriteAllText(File, PostureSchema.Text() + "\n");
        Assert.Equal(PostureSchema.Text(), System.IO.File.ReadAllText(File).TrimEnd());
    }

    [Fact]
    public void It_knows_every_control_with_every_figure()
    {
        var controls = PostureSchema.Build()["$defs"]!["controls"]!["properties"]!.AsObject();
        Assert.Equal(ControlCatalogue.All.Select(control => control.Id), controls.Select(control => control.Key));
        foreach (var control in ControlCatalogue.All)
            Assert.Equal(control.Figures.Select(figure => figure.Name), controls[control.Id]!["properties"]!.AsObject().Select(figure => figure.Key));
    }

    [Theory]
    [InlineData("apower-flex")]
    [InlineData("apshan")]
    [InlineData("clientflow")]
    [InlineData("fluxi")]
    public void Each_posture_names_it_in_its_first_line(string name) =>
        Assert.Equal("# yaml-language-server: $schema=posture.schema.json", System.IO.File.ReadLines(RepositoryRoot.File("postures", name + ".yaml")).First());

    /// <summary>The schema must not refuse what the product takes, and refuse what an editor can see to be wrong.</summary>
    [Fact]
    public async Task Another_validator_takes_the_shipped_postures_and_refuses_broken_ones()
    {
        var shipped = Directory.GetFiles(RepositoryRoot.File("postures"), "*.yaml").Select(System.IO.File.ReadAllText).ToArray();
        Assert.NotEmpty(shipped);
        (string Good, string Bad)[] breaks =
        [
            ("attempts: 6", "attempts: 0"), ("attempts: 6", "tries: 6"), ("      limits.sign-in: {", "      limits.signin: {"), ("kind: enforced", "kind: hoped"), ("id: SM-01", "id: one"),
            ("country: IE", "country: Ireland"), ("country: IE", "county: IE"), ("languages: [en, fr]", "languages: []"), ("window: 1m", "window: 1 m"),
        ];
        var broken = breaks.Select(each => SmallPosture.Text.Replace(each.Good, each.Bad, StringComparison.Ordinal)).ToArray();
        Assert.DoesNotContain(SmallPosture.Text, broken);
        string[] lines = [System.IO.File.ReadAllText(File), .. shipped, SmallPosture.Text, .. broken];
        var answers = await NodePeer.RunAsync("posture.mjs", lines.Select(line => JsonValue.Create(line)!.ToJsonString()), TestContext.Current.CancellationToken);
        Assert.Equal(lines.Length - 1, answers.Count);
        Assert.All(answers.Take(shipped.Length + 1), answer => Assert.Equal("yes", answer));
        Assert.DoesNotContain("yes", answers.Skip(shipped.Length + 1));
    }

    [Fact]
    public void Every_object_is_closed()
    {
        Walk(PostureSchema.Build());

        static void Walk(JsonNode? node)
        {
            if (node is JsonArray list) foreach (var item in list) Walk(item);
            if (node is not JsonObject schema) return;
            if (schema["type"] is JsonValue type && type.TryGetValue<string>(out var word) && word == "object")
                Assert.True(schema.ContainsKey("additionalProperties"), schema.ToJsonString());
            foreach (var (_, value) in schema) Walk(value);
        }
    }
}
