using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Browser.Browsing;
using Vouchsafe.Hosting.Access;
using Xunit;

namespace Vouchsafe.Browser.Description;

/// <summary>Holds /openapi/v1.json to the routes of the running application.</summary>
public sealed class EveryEndpoint(House house)
{
    [Fact]
    public async Task Is_described_and_nothing_else_is()
    {
        var described = (await OperationsAsync()).Keys.ToHashSet(StringComparer.Ordinal);
        var mapped = Endpoints().Where(endpoint => !IsExcluded(endpoint)).SelectMany(Names).ToHashSet(StringComparer.Ordinal);
        Assert.True(mapped.Count > 25, "There are hardly any endpoints.");
        Assert.Equal(mapped.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    /// <summary>What isn't described is for browsers: pages, their forms, what pages are made of, and the description itself.</summary>
    [Fact]
    public void Is_described_unless_it_is_a_page()
    {
        var left = Endpoints().Where(IsExcluded).Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/')).Distinct();
        Assert.All(left, route => Assert.False(
            route.StartsWith("/api/", StringComparison.Ordinal) || route.StartsWith("/audit/", StringComparison.Ordinal) && route != "/audit/"
            || route.StartsWith("/healthz", StringComparison.Ordinal) || route.EndsWith(".json", StringComparison.Ordinal) && !route.StartsWith("/openapi/", StringComparison.Ordinal),
            $"{route} is left out of the description."));
    }

    [Fact]
    public async Task Says_what_it_does_and_which_permission_it_asks_for()
    {
        var operations = await OperationsAsync();
        Assert.All(operations, operation => Assert.True(operation.Value.TryGetProperty("summary", out var summary) && summary.GetString()!.Length > 10, $"{operation.Key} has no summary."));
        foreach (var entry in house.Services.GetRequiredService<EndpointCatalogue>().All)
            if (operations.TryGetValue($"{entry.Method} {Template(entry.Route)}", out var operation))
                foreach (var permission in entry.Permissions)
                {
                    Assert.Contains($"`{permission}`", operation.GetProperty("description").GetString(), StringComparison.Ordinal);
                    Assert.True(operation.TryGetProperty("security", out _), $"{entry} asks for {permission} and is described as open.");
                }
    }

    private async Task<Dictionary<string, JsonElement>> OperationsAsync()
    {
        await using var visit = await house.VisitAsync(Visitor.Stranger, Look.Desktop);
        var answer = await visit.Page.APIRequest.GetAsync("/openapi/v1.json");
        Assert.Equal(200, answer.Status);
        var document = (await answer.JsonAsync())!.Value;
        return document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (Name: $"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value)))
            .ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
    }

    private IEnumerable<RouteEndpoint> Endpoints() => house.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private static bool IsExcluded(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>()?.ExcludeFromDescription == true
        || endpoint.RoutePattern.RawText?.Contains("openapi", StringComparison.Ordinal) == true;

    private static IEnumerable<string> Names(RouteEndpoint endpoint) =>
        (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"]).Select(method => $"{method} {Template("/" + endpoint.RoutePattern.RawText!.TrimStart('/'))}");

    /// <summary>A route as OpenAPI writes it: {id:guid} is {id}, {**path} is {path}, and a last slash is none.</summary>
    private static string Template(string route)
    {
        var template = System.Text.RegularExpressions.Regex.Replace(route, @"\{\**([^:}]+)[^}]*\}", "{$1}").TrimEnd('/');
        return template.Length == 0 ? "/" : template;
    }
}
