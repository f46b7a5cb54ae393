using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Edge.Probing;

namespace Vouchsafe.Edge.Limits;

/// <summary>Asks as often as is allowed, spread over all nodes, then once more on each, with and without a forged address.</summary>
internal static class LimitProbe
{
    private const int AtATime = 16;

    /// <param name="others">Paths that the same limit counts for; one that isn't served is passed over.</param>
    public static async Task<Finding> RunAsync(
        CheckContext context, ClientLimit limit, HttpMethod method, string path, CancellationToken cancellationToken, IReadOnlyList<string>? others = null)
    {
        var outsider = Outsider.Stranger(context.Target);
        using var client = outsider.Client();
        var began = context.Time.GetTimestamp();
        var nodes = outsider.Nodes;
        var within = await AskAsync(client, limit.Permits, nodes, method, path, cancellationToken);
        var beyond = new List<RawAnswer>();
        foreach (var node in nodes)
        {
            beyond.Add(await EveryKindOfAnswer.AskAsync(client, method, node, path, cancellationToken));
            beyond.Add(await EveryKindOfAnswer.AskAsync(client, method, node, path, cancellationToken, "203.0.113.7") with { What = $"{method} {path} with a forged X-Forwarded-For" });
        }
        var elsewhere = new List<RawAnswer>();
        foreach (var other in others ?? [])
            elsewhere.Add(await EveryKindOfAnswer.AskAsync(client, method, nodes[elsewhere.Count % nodes.Count], other, cancellationToken));
        var took = context.Time.GetElapsedTime(began);

        var own = outsider.Source is null ? " from this machine's own address, which may have asked before" : "";
        var seen = new JsonObject
        {
            ["path"] = path,
            ["nodes"] = nodes.Count,
            ["within"] = Statuses(within),
            ["beyond"] = Statuses(beyond),
            ["elsewhere"] = Statuses(elsewhere),
            ["tookMs"] = (long)took.TotalMilliseconds,
            ["ownAddress"] = outsider.Source is null,
        };
        if (took >= limit.Window)
            return Finding.Broken($"{limit.Permits + beyond.Count} requests took {took.TotalSeconds:F0} s, longer than the window: nothing can be told.", seen);
        if (within.FirstOrDefault(answer => answer.Status is 0 or >= 500) is { } failed)
            return Finding.Broken($"{failed.What} was answered {failed.Status} within the limit.", seen);
        var early = within.Count(answer => answer.Status == 429);
        if (early > 0 && outsider.Source is not null)
            return Finding.Broken($"Only {limit.Permits - early} of {limit.Permits} requests within {Span(limit.Window)} were let through.", seen);
        var through = beyond.Where(answer => answer.Status is not 429).ToArray();
        if (through.Length > 0)
            return Finding.Broken($"Request {limit.Permits + 1} within {Span(limit.Window)} was answered {through[0].Status} instead of 429 ({through[0].What}); {limit.Permits} are allowed across {nodes.Count} node(s){own}.", seen);
        if (elsewhere.FirstOrDefault(answer => answer.Status is not (429 or 404)) is { } open)
            return Finding.Broken($"{open.What} was answered {open.Status} instead of 429, after {limit.Permits} requests within {Span(limit.Window)} to {path}: it isn't counted with it{own}.", seen);
        return Finding.Held($"{limit.Permits - early} requests within {Span(limit.Window)} were let through and the next refused, counted across {nodes.Count} node(s); a forged X-Forwarded-For changed nothing{own}.", seen);
    }

    private static async Task<List<RawAnswer>> AskAsync(HttpClient client, int count, IReadOnlyList<Uri> nodes, HttpMethod method, string path, CancellationToken cancellationToken)
    {
        var answers = new List<RawAnswer>(count);
        for (var first = 0; first < count; first += AtATime)
            answers.AddRange(await Task.WhenAll(Enumerable.Range(first, Math.Min(AtATime, count - first))
                .Select(at => EveryKindOfAnswer.AskAsync(client, method, nodes[at % nodes.Count], path, cancellationToken))));
        return answers;
    }

    internal static string Span(TimeSpan span) => span.TotalMinutes >= 1 && span.TotalSeconds % 60 == 0 ? $"{span.TotalMinutes:F0} min" : $"{span.TotalSeconds:F0} s";

    private static JsonObject Statuses(IEnumerable<RawAnswer> answers) =>
        new(answers.GroupBy(answer => answer.Status).OrderBy(group => group.Key).Select(group => KeyValuePair.Create(group.Key.ToString(System.Globalization.CultureInfo.InvariantCulture), (JsonNode?)group.Count())));
}
