using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Edge.Probing;

namespace Vouchsafe.Edge.Headers;

/// <summary>Looks at the headers of every kind of answer that can be had from outside.</summary>
/// <remarks>
/// Answers to addresses with a link's token carry no-referrer in place of the posture's policy: it is the stricter. Inside the application it also signs in as the canary, and demands of its answers that no cache keeps them.
/// </remarks>
public sealed class HeadersCheck : ICheck
{
    private readonly SignedInAnswers? signedIn;

    /// <summary>For whoever has nothing but an address.</summary>
    public HeadersCheck()
    {
    }

    public HeadersCheck(IServiceProvider services) => signedIn = new SignedInAnswers(services);

    public string Control => HeaderOptions.Control;

    public Vantage Vantage => Vantage.Outside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        var promised = HeaderOptions.From(context.Figures).All.ToArray();
        var hidden = (HeaderOptions.From(context.Figures) with { ReferrerPolicy = LinkReferrers.Policy }).All.ToArray();
        var seen = new JsonArray();
        var faults = new List<string>();
        await foreach (var answer in AnswersAsync(context, cancellationToken))
        {
            var fault = Fault(answer, answer.HasToken ? hidden : promised);
            seen.Add(new JsonObject { ["what"] = answer.What, ["status"] = answer.Status, ["fault"] = fault });
            if (fault is not null) faults.Add($"{answer.What} ({answer.Status}) {fault}");
        }
        if (signedIn is not null)
            await foreach (var (what, status, fault) in signedIn.LookAsync(context.Target, cancellationToken))
            {
                seen.Add(new JsonObject { ["what"] = what, ["status"] = status, ["fault"] = fault });
                if (fault is not null) faults.Add($"{what} ({status}) {fault}");
            }
        var record = new JsonObject { ["answers"] = seen };
        return faults.Count == 0
            ? Finding.Held($"All {promised.Length} headers stand on each of {seen.Count} answers: pages, API, errors, refusals, redirects and malformed requests.", record)
            : Finding.Broken($"{faults.Count} of {seen.Count} answers lack what was promised: {string.Join("; ", faults.Take(3))}.", record);
    }

    private static async IAsyncEnumerable<RawAnswer> AnswersAsync(
        CheckContext context, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var answer in EveryKindOfAnswer.OverTlsAsync(context.Target, cancellationToken)) yield return answer;
        if (context.Target.Http is not { } http) yield break;
        using var client = Outsider.Stranger(context.Target).Client();
        yield return await EveryKindOfAnswer.AskAsync(client, HttpMethod.Get, http, "/", cancellationToken) with { What = "the redirect from HTTP" };
        yield return await EveryKindOfAnswer.AskAsync(client, HttpMethod.Get, http, EveryKindOfAnswer.LinkPaths[0], cancellationToken)
            with { What = "the redirect of a link from HTTP", HasToken = true };
    }

    internal static string? Fault(RawAnswer answer, IEnumerable<(string Name, string Value)> promised)
    {
        if (answer.Status == 0) return "got no answer";
        foreach (var (name, value) in promised)
        {
            var values = answer.Headers[name.ToLowerInvariant()].ToArray();
            if (values.Length == 0) return $"has no {name}";
            if (values.Length > 1) return $"has {name} {values.Length} times";
            if (values[0] != value) return $"has {name}: {values[0]}";
        }
        return answer.Headers["server"].Any() ? "names its server" : null;
    }
}
