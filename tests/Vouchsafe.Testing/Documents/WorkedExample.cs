namespace Vouchsafe.Testing.Documents;

/// <summary>
/// The worked example of a document under docs/: lines <c>name = value</c> of its fenced blocks named <c>example</c>, and whole blocks
/// named otherwise. The test reads the document itself, so that the specification can't say what the code doesn't do.
/// </summary>
public sealed class WorkedExample
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> blocks = new(StringComparer.Ordinal);

    private WorkedExample()
    {
    }

    /// <param name="document">Its path from the root of the checkout: <c>docs/formats/sealed-value.md</c>.</param>
    public static WorkedExample Of(string document)
    {
        var example = new WorkedExample();
        string? open = null;
        var body = new List<string>();
        foreach (var line in File.ReadAllLines(Path.Combine(Root(), document)))
        {
            if (!line.StartsWith("```", StringComparison.Ordinal))
            {
                if (open is not null) body.Add(line);
            }
            else if (open is null)
            {
                open = line[3..].Trim();
            }
            else
            {
                example.Keep(open, body);
                (open, body) = (null, []);
            }
        }
        return example;
    }

    /// <summary>The value of a name. A value may go on in lines that begin with a space.</summary>
    public string this[string name] => values.TryGetValue(name, out var value) ? value : throw new KeyNotFoundException($"The document has no example value \"{name}\".");

    /// <summary>A value in hex.</summary>
    public byte[] Hex(string name) => Convert.FromHexString(this[name]);

    /// <summary>The blocks with that word behind the fence, as they stand, without the last line's end.</summary>
    public IReadOnlyList<string> Blocks(string word) => blocks.TryGetValue(word, out var found) ? found : [];

    private void Keep(string word, List<string> body)
    {
        if (!blocks.TryGetValue(word, out var list)) blocks[word] = list = [];
        list.Add(string.Join('\n', body));
        if (word != "example") return;
        string? name = null;
        foreach (var line in body)
        {
            if (line.StartsWith(' ') && name is not null)
            {
                values[name] += line.Trim();
            }
            else if (line.Split('=', 2) is [var left, var right])
            {
                name = left.Trim();
                values.Add(name, right.Trim());
            }
        }
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Vouchsafe.slnx")))
                return folder.FullName;
        throw new DirectoryNotFoundException("Vouchsafe.slnx is in no folder above the tests.");
    }
}
