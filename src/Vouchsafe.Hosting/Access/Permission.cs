using Microsoft.AspNetCore.Builder;

namespace Vouchsafe.Hosting.Access;

/// <summary>What a caller must be allowed to do to reach an endpoint: <c>orders.read</c>.</summary>
/// <param name="Name">area.verb in lower case; null marks an endpoint that is open to anybody, on purpose.</param>
public sealed record Permission(string? Name, string? WhyOpen = null);

public static class PermissionExtensions
{
    /// <summary>Closes the endpoint to callers without this permission.</summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder builder, string permission)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new Permission(permission));

    /// <summary>Opens the endpoint to anybody; <paramref name="why"/> is shown to reviewers.</summary>
    public static TBuilder OpenToAnybody<TBuilder>(this TBuilder builder, string why)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new Permission(null, why));
}
