using System.Globalization;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Edge.Probing;

namespace Vouchsafe.Edge.Transport;

/// <summary>Looks for Strict-Transport-Security on every kind of answer over TLS.</summary>
public sealed class HstsCheck : ICheck
{
    public string Control => HstsOptions.Control;

    public Vantage Vantage => Vantage.Outside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        var promised = HstsOptions.From(context.Figures);
        var seen = new JsonArray();
        var faults = new List<string>();
        await foreach (var answer in EveryKindOfAnswer.OverTlsAsync(context.Target, cancellationToken))
        {
            var fault = Fault(answer, promised);
            seen.Add(new JsonObject { ["what"] = answer.What, ["status"] = answer.Status, ["header"] = answer.Only("strict-transport-security"), ["fault"] = fault });
            if (fault is not null) faults.Add($"{answer.What} ({answer.Status}) {fault}");
        }
        var record = new JsonObject { ["answers"] = seen };
        return faults.Count == 0
            ? Finding.Held($"Strict-Transport-Security: {promised.Value} stands on each of {seen.Count} answers.", record)
            : Finding.Broken($"{faults.Count} of {seen.Count} answers weaken Strict-Transport-Security: {string.Join("; ", faults.Take(3))}.", record);
    }

    internal static string? Fault(RawAnswer answer, HstsOptions promised)
    {
        if (answer.Status == 0) return "got no answer";
        var values = answer.Headers["strict-transport-security"].ToArray();
        if (values.Length != 1) return values.Length == 0 ? "has no such header" : "has the header more than once";
        var directives = values[0].Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(directive => directive.Split('=', 2, StringSplitOptions.TrimEntries)).ToLookup(parts => parts[0].ToLowerInvariant(), parts => parts.Length == 2 ? parts[1].Trim('"') : "");
        if (!long.TryParse(directives["max-age"].SingleOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var age)) return "has no max-age";
        if (age < (long)promised.MaxAge.TotalSeconds) return $"has max-age {age}, less than {(long)promised.MaxAge.TotalSeconds}";
        if (promised.IncludeSubdomains && !directives.Contains("includesubdomains")) return "lacks includeSubDomains";
        return promised.Preload && !directives.Contains("preload") ? "lacks preload" : null;
    }
}
