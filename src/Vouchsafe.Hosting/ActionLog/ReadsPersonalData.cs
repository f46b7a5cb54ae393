using Microsoft.AspNetCore.Builder;

namespace Vouchsafe.Hosting.ActionLog;

/// <summary>Marks an endpoint whose answer holds personal data, so that each use of it leaves an entry in the trail.</summary>
/// <param name="what">Whose data, as a constant: <c>customers</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class ReadsPersonalDataAttribute(string what) : Attribute
{
    public string What { get; } = what;
}

public static class ReadsPersonalDataExtensions
{
    public static TBuilder ReadsPersonalData<TBuilder>(this TBuilder builder, string what)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new ReadsPersonalDataAttribute(what));
}
