using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vouchsafe.Claims.Evidence;

/// <summary>JSON in one spelling, so that it can be hashed and signed: RFC 8785, for documents whose numbers are whole.</summary>
public static class CanonicalJson
{
    /// <summary>The largest whole number that every JSON reader keeps exactly: 2^53 − 1 (RFC 7493, section 2.2).</summary>
    public const long LargestNumber = 9_007_199_254_740_991;

    /// <exception cref="FormatException">A number that isn't whole, or is beyond 2^53 − 1.</exception>
    public static byte[] Bytes(JsonNode? node) => Encoding.UTF8.GetBytes(Text(node));

    /// <inheritdoc cref="Bytes"/>
    public static string Text(JsonNode? node)
    {
        var text = new StringBuilder();
        Write(node, text);
        return text.ToString();
    }

    private static void Write(JsonNode? node, StringBuilder text)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject members:
                text.Append('{');
                foreach (var (name, value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    if (text[^1] != '{') text.Append(',');
                    Write(name, text);
                    text.Append(':');
                    Write(value, text);
                }
                text.Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                for (var at = 0; at < items.Count; at++)
                {
                    if (at > 0) text.Append(',');
                    Write(items[at], text);
                }
                text.Append(']');
                break;
            default:
                Scalar(node, text);
                break;
        }
    }

    private static void Scalar(JsonNode node, StringBuilder text)
    {
        switch (node.GetValueKind())
        {
            case JsonValueKind.String:
                Write(node.GetValue<string>(), text);
                break;
            case JsonValueKind.True:
                text.Append("true");
                break;
            case JsonValueKind.False:
                text.Append("false");
                break;
            default:
                if (!long.TryParse(node.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || Math.Abs(number) > LargestNumber)
                    throw new FormatException("A number in a canonical document is whole and at most 2^53 − 1.");
                text.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
        }
    }

    /// <summary>RFC 8785, section 3.2.2.2: only what must be escaped is.</summary>
    private static void Write(string value, StringBuilder text)
    {
        text.Append('"');
        foreach (var letter in value)
            text.Append(letter switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' => "\\u" + ((int)letter).ToString("x4", CultureInfo.InvariantCulture),
                _ => letter.ToString(),
            });
        text.Append('"');
    }
}
