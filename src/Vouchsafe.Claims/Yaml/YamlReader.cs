using System.Text;
using Vouchsafe.Claims.Postures;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Vouchsafe.Claims.Yaml;

/// <summary>The small part of YAML that a posture needs: one document of mappings, lists and scalars, bounded in every direction.</summary>
/// <remarks>Aliases, anchors and tags are refused: they make a reviewer read one thing and a parser another, and aliases multiply.</remarks>
internal sealed class YamlReader
{
    public const int MostBytes = 512 * 1024;
    public const int MostDepth = 12;
    public const int MostNodes = 20_000;
    public const int LongestScalar = 4_096;

    private readonly Parser parser;
    private readonly ErrorList errors;
    private int nodes;

    private YamlReader(Parser parser, ErrorList errors) => (this.parser, this.errors) = (parser, errors);

    /// <returns>The document, as far as it could be read; null where nothing could. Errors are in the list.</returns>
    public static YamlNode? Read(ReadOnlySpan<byte> utf8, ErrorList errors)
    {
        if (utf8.Length > MostBytes)
        {
            errors.Add(PostureFault.TooLarge, new Place(1, 1), $"A posture has at most {MostBytes} bytes; this has {utf8.Length}.");
            return null;
        }
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(utf8);
            return Read(text, errors);
        }
        catch (DecoderFallbackException broken)
        {
            var line = 1 + utf8[..Math.Clamp(broken.Index, 0, utf8.Length)].Count((byte)'\n');
            errors.Add(PostureFault.Encoding, new Place(line, 1), "The file isn't UTF-8.");
            return null;
        }
    }

    private static YamlNode? Read(string text, ErrorList errors)
    {
        var reader = new YamlReader(new Parser(new Scanner(new StringReader(text), skipComments: true)), errors);
        try
        {
            return reader.Document();
        }
        catch (YamlException broken)
        {
            errors.Add(PostureFault.Syntax, At(broken.Start), "This isn't YAML: " + OneLine(broken.Message));
        }
        catch (GiveUp)
        {
            // Its error is in the list.
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException or FormatException)
        {
            // The scanner's own slips on input that is no YAML; whatever it was, the document is refused.
            errors.Add(PostureFault.Syntax, At(reader.parser.Current?.Start ?? Mark.Empty), "This isn't YAML.");
        }
        return null;
    }

    private YamlNode? Document()
    {
        Next();
        if (Next() is StreamEnd) return null;
        Next();
        var root = Node(1);
        Next();
        if (Next() is DocumentStart second)
            errors.Add(PostureFault.SeveralDocuments, At(second.Start), "A posture is one document; a second begins here.");
        return root;
    }

    /// <summary>Reads the node that begins at the current event and leaves the parser on its last.</summary>
    private YamlNode Node(int depth)
    {
        var current = parser.Current!;
        var at = At(current.Start);
        if (++nodes > MostNodes) throw Stop(PostureFault.TooLarge, at, $"A posture has at most {MostNodes} values.");
        if (depth > MostDepth) throw Stop(PostureFault.TooDeep, at, $"A posture is at most {MostDepth} levels deep.");
        if (current is NodeEvent node)
        {
            if (!node.Anchor.IsEmpty) errors.Add(PostureFault.AliasRefused, at, "Anchors and aliases are refused: write each figure where it is read.");
            if (!node.Tag.IsEmpty) errors.Add(PostureFault.TagRefused, at, "Tags are refused.");
        }
        switch (current)
        {
            case Scalar scalar:
                if (scalar.Value.Length > LongestScalar) errors.Add(PostureFault.TooLarge, at, $"A value has at most {LongestScalar} characters.");
                return new YamlScalar(at, scalar.Value, scalar.Style == ScalarStyle.Plain);
            case SequenceStart:
                var items = new List<YamlNode>();
                while (Next() is not SequenceEnd) items.Add(Node(depth + 1));
                return new YamlSequence(at, items);
            case MappingStart:
                return Mapping(at, depth);
            case AnchorAlias:
                errors.Add(PostureFault.AliasRefused, at, "Anchors and aliases are refused: write each figure where it is read.");
                return new YamlScalar(at, "", true);
            default:
                throw Stop(PostureFault.Syntax, at, "This isn't YAML.");
        }
    }

    private YamlMapping Mapping(Place at, int depth)
    {
        var entries = new List<YamlEntry>();
        var keys = new Dictionary<string, Place>(StringComparer.Ordinal);
        while (Next() is not MappingEnd)
        {
            var key = Node(depth + 1);
            Next();
            var value = Node(depth + 1);
            if (key is not YamlScalar { Text: var name })
                errors.Add(PostureFault.WrongShape, key.At, "A key must be a word.");
            else if (!keys.TryAdd(name, key.At))
                errors.Add(PostureFault.DuplicateKey, key.At, $"\"{ErrorList.Shown(name)}\" stands here a second time; it stood in line {keys[name].Line} before.");
            else
                entries.Add(new YamlEntry(key.At, name, value));
        }
        return new YamlMapping(at, entries);
    }

    private ParsingEvent Next() => parser.MoveNext() ? parser.Current! : throw Stop(PostureFault.Syntax, new Place(1, 1), "The document ends too early.");

    private GiveUp Stop(PostureFault fault, Place at, string message)
    {
        errors.Add(fault, at, message);
        return new GiveUp();
    }

    private static Place At(in Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    private static string OneLine(string message) => ErrorList.Shown(message.ReplaceLineEndings(" "));

    private sealed class GiveUp : Exception;
}
