namespace Vouchsafe.Edge.Headers;

/// <summary>Reads a Content-Security-Policy (CSP Level 3) as far as it must be judged.</summary>
internal static class ContentPolicy
{
    private static readonly string[] Scripts = ["script-src", "script-src-elem", "script-src-attr", "default-src"];

    /// <returns>What makes the policy worthless, or null.</returns>
    public static string? WhyUnsafe(string policy)
    {
        var directives = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase);
        foreach (var directive in policy.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = directive.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            // A browser heeds the first of two directives with one name (section 2.2.1); two are a mistake either way.
            if (!directives.TryAdd(words[0], words[1..])) return $"{words[0]} stands twice in the policy.";
        }
        if (!directives.ContainsKey("default-src")) return "the policy has no default-src.";
        foreach (var (name, sources) in directives)
        {
            foreach (var source in sources)
            {
                if (source.Equals("'unsafe-inline'", StringComparison.OrdinalIgnoreCase)) return $"{name} allows 'unsafe-inline'.";
                if (source.Equals("'unsafe-eval'", StringComparison.OrdinalIgnoreCase)) return $"{name} allows 'unsafe-eval'.";
                if (source == "*") return $"{name} allows any origin.";
                if (Scripts.Contains(name, StringComparer.OrdinalIgnoreCase) && source is "data:" or "https:" or "http:") return $"{name} allows any {source} source.";
            }
        }
        return null;
    }
}
