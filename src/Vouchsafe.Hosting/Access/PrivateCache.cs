using Microsoft.AspNetCore.Builder;

namespace Vouchsafe.Hosting.Access;

/// <summary>
/// The caller's own cache may keep the answers of this endpoint where its handler says <c>private</c> (RFC 9111, section 5.2.2.7).
/// Without this metadata nothing that needs a permission is kept by any cache.
/// </summary>
/// <param name="Because">Why the answer holds no personal data; shown to reviewers.</param>
public sealed record PrivateCache(string Because);

public static class PrivateCacheExtensions
{
    /// <inheritdoc cref="PrivateCache"/>
    public static TBuilder AllowPrivateCache<TBuilder>(this TBuilder builder, string because)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new PrivateCache(because));
}
