using Microsoft.Extensions.DependencyInjection;

namespace Vouchsafe.Web.Layout;

/// <summary>A place in the navigation that every page shows to those who may go there.</summary>
/// <param name="Path">Where it leads; it is the current one on this path and below it.</param>
/// <param name="Word">The key of its name.</param>
/// <param name="Permission">What a caller needs; null where anybody may go.</param>
/// <param name="Order">Smaller stands first.</param>
/// <param name="TenantsAlone">Not shown to staff, who have no tenant.</param>
public sealed record NavigationLink(string Path, string Word, string? Permission, int Order, bool TenantsAlone = true);

public static class NavigationExtensions
{
    public static IServiceCollection AddNavigation(this IServiceCollection services, params IEnumerable<NavigationLink> links)
    {
        foreach (var link in links) services.AddSingleton(link);
        return services;
    }
}
