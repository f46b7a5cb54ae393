using Vouchsafe.Claims.Yaml;

namespace Vouchsafe.Claims.Postures.Reading;

/// <summary>The chain of base documents under a posture: the nearest first, the embedded baseline last.</summary>
internal static class BaseDocuments
{
    public const string Baseline = "baseline";
    private const int Longest = 4;

    private static readonly Lazy<byte[]> Embedded = new(() =>
    {
        using var stream = typeof(BaseDocuments).Assembly.GetManifestResourceStream("baseline.yaml")!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    });

    public static List<PostureDocument> Read(PostureDocument document, ErrorList errors, Func<string, string?> file)
    {
        var layers = new List<PostureDocument>();
        for (var current = document; current.Extends is { } name && layers.Count < Longest; current = layers[^1])
        {
            var path = name == Baseline ? null : file(name);
            if (name != Baseline && (path is null || !File.Exists(path)))
            {
                errors.Add(PostureFault.UnknownBase, document.ExtendsAt, $"There is no base document \"{name}\".");
                return layers;
            }
            layers.Add(One(name, path));
        }
        if (layers.Count > 0 && layers[^1].Extends is not null)
            errors.Add(PostureFault.UnknownBase, document.ExtendsAt, $"More than {Longest} base documents extend one another.");
        return layers;
    }

    private static PostureDocument One(string name, string? path)
    {
        var errors = new ErrorList(path ?? Baseline + ".yaml");
        var document = DocumentReader.ReadBase(YamlReader.Read(path is null ? Embedded.Value : PostureFile.Bytes(path, path), errors), errors);
        if (document is not null && document.Name != name)
            errors.Add(PostureFault.InvalidValue, document.NameAt, $"This base document must be named \"{name}\", as its file is.");
        errors.ThrowIfAny();
        return document!;
    }
}
