using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Limits;

namespace Vouchsafe.Hosting.Access;

/// <summary>Every endpoint of the running application with what it asks of a caller: the ground of OpenAPI's and the matrix's tests.</summary>
public sealed class EndpointCatalogue(EndpointDataSource source)
{
    /// <summary>One row for each method and route, in a stable order.</summary>
    public IReadOnlyList<EndpointEntry> All =>
    [
        .. Routes().SelectMany(Entries)
            .OrderBy(entry => entry.Route, StringComparer.Ordinal)
            .ThenBy(entry => entry.Method, StringComparer.Ordinal),
    ];

    /// <summary>Refuses a set of endpoints of which one is neither closed by a permission nor open on purpose.</summary>
    /// <exception cref="UnguardedEndpointsException">Names each offender.</exception>
    internal void Demand()
    {
        string[] offenders = [.. Routes().Select(Fault).OfType<string>().Order(StringComparer.Ordinal)];
        if (offenders.Length > 0) throw new UnguardedEndpointsException(offenders);
    }

    internal static string? Fault(RouteEndpoint endpoint)
    {
        var permissions = Permission.Of(endpoint);
        var name = Describe(endpoint);
        if (permissions.Length == 0)
            return $"{name}: names no permission";
        if (permissions.Length > 1 && permissions.Any(permission => permission.Name is null))
            return $"{name}: is open to anybody and asks for a permission at once";
        if (permissions.FirstOrDefault(permission => permission.Name is { } asked && !PermissionName.IsValid(asked)) is { } odd)
            return $"{name}: \"{odd.Name}\" is no permission of the form area.verb";
        if (permissions[0].Name is null && string.IsNullOrWhiteSpace(permissions[0].WhyOpen))
            return $"{name}: is open without a reason";
        // Such an endpoint runs inside the routing middleware, before the gate could look at it.
        if (permissions[0].Name is not null && endpoint.Metadata.Any(item => item.GetType().Name == "ShortCircuitMetadata"))
            return $"{name}: short-circuits past the gate";
        return AttemptRule.Fault(endpoint) is { } uncounted ? $"{name}: {uncounted}" : null;
    }

    private IEnumerable<RouteEndpoint> Routes() => source.Endpoints.OfType<RouteEndpoint>();

    private static IEnumerable<EndpointEntry> Entries(RouteEndpoint endpoint)
    {
        var permissions = Permission.Of(endpoint);
        string[] names = [.. permissions.Select(permission => permission.Name).OfType<string>()];
        var whyOpen = permissions.FirstOrDefault(permission => permission.Name is null)?.WhyOpen;
        var stays = endpoint.Metadata.GetMetadata<OpenWhenReadOnly>()?.Why;
        foreach (var method in Methods(endpoint))
            yield return new EndpointEntry(method, Route(endpoint), names, whyOpen, stays)
            {
                Attempts = endpoint.Metadata.GetMetadata<CountedAttempts>(),
                BodyFields = endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType?.GetProperties().Select(field => JsonNamingPolicy.CamelCase.ConvertName(field.Name)).ToList(),
                Limit = endpoint.Metadata.GetMetadata<Limit>(),
                LeavesEntry = !PermissionGate.IsSafe(method) || endpoint.Metadata.GetMetadata<ActionLog.ReadsPersonalDataAttribute>() is not null,
            };
    }

    private static IReadOnlyList<string> Methods(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : ["*"];

    private static string Route(RouteEndpoint endpoint) => "/" + (endpoint.RoutePattern.RawText ?? "").TrimStart('/');

    private static string Describe(RouteEndpoint endpoint) => $"{string.Join('|', Methods(endpoint))} {Route(endpoint)}";
}

/// <param name="Method">GET, POST …; <c>*</c> where the endpoint takes any.</param>
/// <param name="Route">The route's template, with a leading slash.</param>
/// <param name="Permissions">What a caller needs, all of it; empty for an open endpoint.</param>
/// <param name="WhyOpen">Why anybody may come; null where a permission is needed.</param>
/// <param name="WhyOpenWhenReadOnly">Why it still writes for a tenant that is read-only; null where it doesn't.</param>
public sealed partial record EndpointEntry(string Method, string Route, IReadOnlyList<string> Permissions, string? WhyOpen, string? WhyOpenWhenReadOnly)
{
    /// <summary>Which budget of attempts it spends; null where it takes nothing that can be guessed.</summary>
    public CountedAttempts? Attempts { get; init; }

    /// <summary>The fields of its JSON body; null where it takes none, as a form's endpoint.</summary>
    public IReadOnlyList<string>? BodyFields { get; init; }

    /// <summary>Whether a request of a caller's leaves an entry in the trail: it changes something, or reads personal data.</summary>
    public bool LeavesEntry { get; init; }

    /// <summary>What its requests count against, where it says so; null: the API's limit.</summary>
    public Limit? Limit { get; init; }

    /// <summary>A path of this route with something in each of its places, for a check that sends requests: nothing stands there.</summary>
    public string Example => Place().Replace(Route, place =>
        place.Value.Contains(":guid", StringComparison.Ordinal) ? "00000000-0000-7000-8000-00000000beef" : "1");

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Place();

    public override string ToString() => $"{Method} {Route}";
}
