using Microsoft.AspNetCore.Builder;

namespace Vouchsafe.Hosting.Access;

/// <summary>Marks an endpoint that still writes for a tenant whose trial ended or who cancelled: signing out, exporting, exercising a right.</summary>
/// <param name="Why">Shown to reviewers.</param>
public sealed record OpenWhenReadOnly(string Why);

public static class OpenWhenReadOnlyExtensions
{
    public static TBuilder StaysOpenWhenReadOnly<TBuilder>(this TBuilder builder, string why)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new OpenWhenReadOnly(why));
}
