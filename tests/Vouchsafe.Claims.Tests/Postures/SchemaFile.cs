using System.Text.Json.Nodes;
using Vouchsafe.Claims.Controls;
using Vouchsafe.Claims.Postures;
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
