using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Edge.Probing;

namespace Vouchsafe.Edge.Limits;

/// <summary>Asks until refused, and reads the refusal.</summary>
public sealed class AnswerCheck : ICheck
{
    public string Control => RefusalPolicy.Control;

    public Vantage Vantage => Vantage.Outside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        var limit = LimitSet.Read(context.Posture.Figures(ClientLimit.SignInControl), "attempts");
        var outsider = Outsider.Stranger(context.Target);
        using var client = outsider.Client();
        RawAnswer answer;
        var asked = 0;
        do
        {
            answer = await EveryKindOfAnswer.AskAsync(client, HttpMethod.Post, outsider.Nodes[asked % outsider.Nodes.Count], EveryKindOfAnswer.SignInPath, cancellationToken);
            asked++;
        }
        while (asked <= limit.Permits && answer.Status != 429);
        var seen = new JsonObject
        {
            ["asked"] = asked,
            ["status"] = answer.Status,
            ["contentType"] = answer.Only("content-type"),
            ["retryAfter"] = answer.Only("retry-after"),
        };
        return Fault(answer, limit) is { } fault
            ? Finding.Broken($"Request {asked} to sign in {fault}.", seen)
            : Finding.Held($"Request {asked} to sign in was refused with 429, application/problem+json and Retry-After: {answer.Only("retry-after")}.", seen);
    }

    internal static string? Fault(RawAnswer answer, ClientLimit limit)
    {
        if (answer.Status != 429) return $"was answered {answer.Status} instead of 429";
        if (answer.Only("content-type")?.Split(';')[0].Trim() != "application/problem+json") return $"was refused as {answer.Only("content-type") ?? "nothing"}, not as application/problem+json";
        if (!int.TryParse(answer.Only("retry-after"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds < 1)
            return "was refused without a Retry-After in seconds";
        if (seconds > Math.Ceiling(limit.Window.TotalSeconds)) return $"was put off for {seconds} s, longer than the window";
        try
        {
            using var problem = JsonDocument.Parse(answer.Body);
            return problem.RootElement.GetProperty("status").GetInt32() == 429 && problem.RootElement.GetProperty("type").GetString()!.StartsWith("https://", StringComparison.Ordinal)
                ? null
                : "was refused with a problem of another status or without a type";
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return "was refused with a body that is no problem document";
        }
    }
}
