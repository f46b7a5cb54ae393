using Microsoft.AspNetCore.Builder;

namespace Vouchsafe.Hosting.Limits;

/// <summary>Which limit an endpoint's requests count against. An endpoint without this metadata counts against the API's.</summary>
/// <param name="Control">The control whose figures hold: <c>limits.sign-in</c>; null where the endpoint has no limit, on purpose.</param>
/// <param name="WhyUnlimited">Shown to reviewers; null where there is a limit.</param>
public sealed record Limit(string? Control, string? WhyUnlimited = null);

public static class LimitExtensions
{
    /// <summary>The limit of tiles.</summary>
    public const string Tiles = "limits.tiles";

    /// <summary>Counts as a sign-in attempt: whatever verifies a password, or tells whether there is an account.</summary>
    public static TBuilder LimitSignIn<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new Limit("limits.sign-in"));

    /// <summary>Counts against a limit for monitors alone: they read a log tile by tile, and shall use up nobody's calls of the API.</summary>
    public static TBuilder LimitTiles<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new Limit(Tiles));

    /// <summary>Counts as a set-up call, and is closed for good once the set-up is done.</summary>
    public static TBuilder LimitSetup<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new Limit("limits.setup"));

    public static TBuilder Unlimited<TBuilder>(this TBuilder builder, string why)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new Limit(null, why));
}
