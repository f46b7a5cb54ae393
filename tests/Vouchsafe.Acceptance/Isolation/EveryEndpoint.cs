using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Acceptance.Claims;
using Vouchsafe.Acceptance.Running;
using Xunit;

namespace Vouchsafe.Acceptance.Isolation;

/// <summary>
/// Two tenants on the running application. One aims at whatever the other has, through every endpoint there is, with the real logins:
/// no answer gives anything of the other away, none tells that the other is there, and nothing of the other changes.
/// </summary>
[Collection<TwoTenants>]
public sealed class EveryEndpoint(UnderApowerFlex running)
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keeps_one_tenant_from_another()
    {
        var ours = await Company.FoundAsync(running, invoices: 1, Stop);
        var theirs = await Company.FoundAsync(running, invoices: 3, Stop);
        var before = await theirs.RowsAsync(Stop);
        var secrets = await theirs.SecretsAsync(Stop);
        Assert.True(secrets.Count > 10, "The other tenant has nothing to give away.");
        var entry = Guid.Parse(Regex.Match(before["audit.entries"], "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").Value);
        var aim = Aim.At(theirs, entry);
        var nobody = Aim.AtNobody();

        var statuses = new HashSet<int>();
        var wrong = new List<string>();
        foreach (var email in new[] { ours.Administrator, ours.Seller })
            foreach (var endpoint in Endpoints())
            {
                // Some endpoints end the session that calls them: each gets its own.
                using var client = await ours.SignInAsync(email, Stop);
                foreach (var (shot, blank) in aim.Through(endpoint).Zip(nobody.Through(endpoint)))
                {
                    var (first, foreign, second) = (await FireAsync(client, blank), await FireAsync(client, shot), await FireAsync(client, blank));
                    statuses.Add(foreign.Status);
                    wrong.AddRange(secrets.Except(aim.Said, StringComparer.OrdinalIgnoreCase)
                        .Where(secret => foreign.Text.Contains(secret, StringComparison.OrdinalIgnoreCase)).Select(secret => $"{shot} as {email} gives {secret} away:\n{foreign.Text}"));
                    if (foreign.Status >= 500) wrong.Add($"{shot} as {email} breaks: {foreign.Text}");
                    if (first.Status == second.Status && first.Status != foreign.Status)
                        wrong.Add($"{shot} as {email} answers {foreign.Status}, for what nobody has {first.Status}");
                    // Where the same question has the same answer twice, a foreign thing must have the answer of a thing that isn't there.
                    else if (Masked(first.Text, nobody) == Masked(second.Text, nobody) && Masked(first.Text, nobody) != Masked(foreign.Text, aim))
                        wrong.Add($"{shot} as {email} tells a foreign thing from none:\n{Masked(foreign.Text, aim)}\n\n{Masked(first.Text, nobody)}");
                }
            }
        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong.Take(20)));
        // Requests got through to the endpoints, and not only to the door.
        Assert.Superset(new HashSet<int> { 200, 202, 303, 400, 403, 404 }, statuses);
        Assert.Equal(before, await theirs.RowsAsync(Stop));
        AssertLogsKeepSilent(ours, theirs);
    }

    /// <summary>Without this the test above could be blind: who owns the things is answered otherwise, and reads what is secret to others.</summary>
    [Fact]
    public async Task Answers_otherwise_to_whoever_owns_the_things()
    {
        var ours = await Company.FoundAsync(running, invoices: 1, Stop);
        using var client = await ours.SignInAsync(ours.Administrator, Stop);
        var secrets = await ours.SecretsAsync(Stop);
        var aim = Aim.At(ours, Guid.Empty);
        var nobody = Aim.AtNobody();
        var told = 0;
        foreach (var endpoint in Endpoints().Where(endpoint => endpoint.RoutePattern.Parameters.Count > 0))
            foreach (var (shot, blank) in aim.Through(endpoint).Zip(nobody.Through(endpoint)).Where(pair => pair.First.Method == "GET"))
            {
                var (own, none) = (await FireAsync(client, shot), await FireAsync(client, blank));
                if (own.Status == 200 && none.Status == 404 && secrets.Except(aim.Said, StringComparer.OrdinalIgnoreCase).Any(secret => own.Text.Contains(secret, StringComparison.OrdinalIgnoreCase))) told++;
            }
        Assert.True(told >= 3, $"Only {told} endpoints told the owner's things from nothing.");
    }

    /// <summary>Names, addresses and what was searched for went through every endpoint; none of it may stand in a log.</summary>
    private void AssertLogsKeepSilent(params Company[] companies)
    {
        var lines = running.Services.GetRequiredService<HeardLogs>().Lines;
        Assert.Contains(lines, line => line.Contains("Now listening on", StringComparison.Ordinal));
        foreach (var company in companies)
            Assert.DoesNotContain(lines, line => line.Contains(company.Mark, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Ending the subscription comes last: it would make every later write a refusal.</summary>
    private IEnumerable<RouteEndpoint> Endpoints() => running.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .OrderBy(endpoint => endpoint.RoutePattern.RawText?.Trim('/') is "api/subscription/cancel" or "account/cancel").ThenBy(endpoint => endpoint.RoutePattern.RawText, StringComparer.Ordinal);

    private static async Task<(int Status, string Text)> FireAsync(HttpClient client, Shot shot)
    {
        using var request = new HttpRequestMessage(new HttpMethod(shot.Method), shot.Path);
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        if (shot.Body is { } body) request.Content = new StringContent(body.Text, Encoding.UTF8, body.Kind);
        using var answer = await client.SendAsync(request, Stop);
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Date" or "Retry-After"))
            .OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key}: {string.Join(", ", header.Value)}");
        return ((int)answer.StatusCode, $"{string.Join('\n', headers)}\n\n{Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(Stop))}");
    }

    /// <summary>What a request put in itself, by one name; ids that the answer makes, by another.</summary>
    private static string Masked(string text, Aim aim)
    {
        foreach (var said in aim.Said) text = text.Replace(said, "…", StringComparison.OrdinalIgnoreCase);
        return Regex.Replace(Regex.Replace(text, "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "id"), "Content-Length: [0-9]+", "Content-Length: n");
    }
}
