using System.Text;

namespace Vouchsafe.Claims.Wording;

/// <summary>A claim's text with places for figures: <c>{control.figure}</c> or <c>{control.figure:unit}</c>; <c>{{</c> and <c>}}</c> are braces.</summary>
internal sealed class Template
{
    private readonly IReadOnlyList<(string? Literal, Placeholder? Place)> parts;

    private Template(string source, IReadOnlyList<(string?, Placeholder?)> parts) => (Source, this.parts) = (source, parts);

    public string Source { get; }

    public IEnumerable<Placeholder> Placeholders => parts.Where(part => part.Place is not null).Select(part => part.Place!);

    /// <returns>Null, and where the brace stands, if one is left open or stands alone.</returns>
    public static Template? Parse(string source, out string fault)
    {
        var parts = new List<(string?, Placeholder?)>();
        var literal = new StringBuilder();
        for (var at = 0; at < source.Length; at++)
        {
            var letter = source[at];
            if (letter is '{' or '}' && at + 1 < source.Length && source[at + 1] == letter)
            {
                literal.Append(letter);
                at++;
            }
            else if (letter == '{')
            {
                var end = source.IndexOf('}', at);
                if (end < 0) return Fault($"the brace at character {at + 1} is never closed", out fault);
                if (Placeholder.Parse(source[(at + 1)..end]) is not { } place)
                    return Fault($"{source[at..(end + 1)]} is not of the form {{control.figure}} or {{control.figure:unit}}", out fault);
                parts.Add((literal.ToString(), null));
                parts.Add((null, place));
                literal.Clear();
                at = end;
            }
            else if (letter == '}')
            {
                return Fault($"the brace at character {at + 1} closes nothing; write }}}} for a brace", out fault);
            }
            else
            {
                literal.Append(letter);
            }
        }
        parts.Add((literal.ToString(), null));
        fault = "";
        return new Template(source, parts);
    }

    public string Render(Func<Placeholder, string> say)
    {
        var text = new StringBuilder();
        foreach (var (literal, place) in parts) text.Append(place is null ? literal : say(place));
        return text.ToString();
    }

    private static Template? Fault(string what, out string fault)
    {
        fault = what;
        return null;
    }
}

/// <param name="Control">The control whose figure is said.</param>
/// <param name="Figure">Its name.</param>
/// <param name="Format">A unit, or null.</param>
internal sealed record Placeholder(string Control, string Figure, string? Format)
{
    public static Placeholder? Parse(string inside)
    {
        var colon = inside.IndexOf(':', StringComparison.Ordinal);
        var path = colon < 0 ? inside : inside[..colon];
        var dot = path.LastIndexOf('.');
        return dot <= 0 || dot == path.Length - 1 || colon == inside.Length - 1 ? null
            : new Placeholder(path[..dot], path[(dot + 1)..], colon < 0 ? null : inside[(colon + 1)..]);
    }

    public override string ToString() => Format is null ? $"{{{Control}.{Figure}}}" : $"{{{Control}.{Figure}:{Format}}}";
}
