using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Identity.Tokens;
using Vouchsafe.Testing.Sabotage;

namespace Vouchsafe.Acceptance.Sabotage.Identity;

/// <summary>One rule of token validation is taken out on every node.</summary>
internal abstract class MissingRule(string rule, string name, string expected) : ISabotage
{
    public string Control => "sessions.jwt-validation";

    public string Name => name;

    public string ExpectedMessageFragment => expected;

    public Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        var taken = 0;
        foreach (var rules in context.Nodes.Select(node => node.GetRequiredService<TokenRules>()))
        {
            var at = rules.All.FindIndex(candidate => candidate.Name == rule);
            if (at < 0)
                continue;
            context.Kept[$"{name} {taken++}"] = (rules, at, rules.All[at]);
            rules.All.RemoveAt(at);
        }

        return Task.FromResult(taken > 0 ? $"{taken} nodes validate without the rule \"{rule}\"" : null);
    }

    public Task MendAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        for (var node = 0; context.Kept.Remove($"{name} {node}", out var kept); node++)
        {
            var (rules, at, removed) = ((TokenRules, int, TokenRule))kept;
            rules.All.Insert(at, removed);
        }

        return Task.CompletedTask;
    }
}

internal sealed class NoAudience() : MissingRule("audience", "turn off audience validation", "another audience");

internal sealed class NoIssuer() : MissingRule("issuer", "turn off issuer validation", "another issuer");

internal sealed class NoExpiry() : MissingRule("expired", "accept expired tokens", "expired beyond the skew");

/// <summary>Tokens live a minute longer than the posture says, on every node.</summary>
internal sealed class LongerLife : ISabotage
{
    private static readonly TimeSpan More = TimeSpan.FromMinutes(1);

    public string Control => "sessions.jwt-lifetime";

    public string Name => "let tokens live a minute longer";

    public string ExpectedMessageFragment => "are promised";

    public Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        foreach (var options in context.Nodes.Select(node => node.GetRequiredService<TokenOptions>()))
            options.Lifetime += More;
        context.Kept[Name] = true;
        return Task.FromResult<string?>("tokens of every node live a minute longer");
    }

    public Task MendAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        if (context.Kept.Remove(Name))
            foreach (var options in context.Nodes.Select(node => node.GetRequiredService<TokenOptions>()))
                options.Lifetime -= More;
        return Task.CompletedTask;
    }
}
