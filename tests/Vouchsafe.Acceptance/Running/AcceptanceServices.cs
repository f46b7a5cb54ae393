using Microsoft.Extensions.DependencyInjection;

namespace Vouchsafe.Acceptance.Running;

/// <summary>What the suite changes about the application before it starts: nothing of its behaviour, only what a sabotage needs to get hold of.</summary>
internal static class AcceptanceServices
{
    public static void Configure(IServiceCollection services)
    {
    }
}
