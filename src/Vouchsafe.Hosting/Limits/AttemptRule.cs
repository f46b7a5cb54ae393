using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Access;

namespace Vouchsafe.Hosting.Limits;

/// <summary>
/// Every endpoint that takes a password, a link's token or an address says which budget it spends, or why there is
/// nothing to guess; the start-up fails where one doesn't. Such are all that change something for anybody, all that
/// count as attempts of a client, all whose handler is given a <see cref="CountsAttemptsAttribute"/> service, and all
/// whose body has a field for a password or a token.
/// </summary>
internal static class AttemptRule
{
    private static readonly string[] Telling = ["password", "token", "secret"];

    /// <returns>What is wrong with the endpoint; null where nothing is.</returns>
    public static string? Fault(RouteEndpoint endpoint)
    {
        var counted = endpoint.Metadata.GetMetadata<CountedAttempts>();
        var limit = endpoint.Metadata.GetMetadata<Limit>()?.Control;
        var attempts = limit is "limits.sign-in" or "limits.setup";
        if (counted is { Kind: AttemptKind.SignIn or AttemptKind.Link or AttemptKind.Session } && !attempts)
            return "takes a password and isn't limited by client: LimitSignIn()";
        if (counted is { Kind: AttemptKind.Nothing } && string.IsNullOrWhiteSpace(counted.Of))
            return "has nothing to guess, without a reason";
        return counted is null && !IsSafe(endpoint) && (attempts || IsOpen(endpoint) || IsGivenTheMeans(endpoint) || AsksForSecret(endpoint))
            ? "takes a password, a link or an address and counts no attempt: CountAttempts(…) or NothingToGuess(\"why\")"
            : null;
    }

    private static bool IsSafe(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods && methods.All(PermissionGate.IsSafe);

    private static bool IsOpen(RouteEndpoint endpoint) => Permission.Of(endpoint).Any(permission => permission.Name is null);

    private static bool IsGivenTheMeans(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters()
        .Any(parameter => parameter.ParameterType.IsDefined(typeof(CountsAttemptsAttribute))) == true;

    private static bool AsksForSecret(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType?.GetProperties()
        .Any(property => Telling.Any(word => property.Name.Contains(word, StringComparison.OrdinalIgnoreCase))) == true;
}
