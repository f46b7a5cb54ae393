using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Vouchsafe.Hosting.Access;

/// <summary>What a caller must be allowed to do to reach an endpoint: <c>orders.read</c>.</summary>
/// <param name="Name">area.verb in lower case; null marks an endpoint that is open to anybody, on purpose.</param>
public sealed record Permission(string? Name, string? WhyOpen = null) : IPermission
{
    Permission IPermission.Permission => this;

    /// <summary>What the endpoint asks for. Several are asked for together; a page's attribute and its group's convention add up.</summary>
    internal static Permission[] Of(Endpoint endpoint) =>
        [.. endpoint.Metadata.GetOrderedMetadata<IPermission>().Select(metadata => metadata.Permission).Distinct()];
}

/// <summary>Endpoint metadata that carries a permission, whether set by a convention or by an attribute on a page.</summary>
public interface IPermission
{
    Permission Permission { get; }
}

/// <summary>Closes a page to callers without this permission.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RequirePermissionAttribute(string name) : Attribute, IPermission
{
    public Permission Permission { get; } = new(name);
}

/// <summary>Opens a page to anybody; the reason is shown to reviewers.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class OpenToAnybodyAttribute(string why) : Attribute, IPermission
{
    public Permission Permission { get; } = new(null, why);
}

public static class PermissionExtensions
{
    /// <summary>Closes the endpoint to callers without this permission.</summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder builder, string permission)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new Permission(permission));

    /// <summary>Opens the endpoint to anybody; <paramref name="why"/> is shown to reviewers.</summary>
    public static TBuilder OpenToAnybody<TBuilder>(this TBuilder builder, string why)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new Permission(null, why));
}
