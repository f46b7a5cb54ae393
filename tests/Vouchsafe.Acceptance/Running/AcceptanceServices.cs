using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vouchsafe.Assurance.Results;
using Vouchsafe.Hosting.Modules;

namespace Vouchsafe.Acceptance.Running;

/// <summary>What the suite adds to the application before it starts: nothing that changes what it does, only what a sabotage needs to get hold of.</summary>
internal static class AcceptanceServices
{
    public static void Configure(IServiceCollection services) =>
        services.AddSingleton<IDatabaseClock, MovableDatabaseClock>().AddSingleton<IModule>(new LateEndpoints()).AddSingleton<HeardLogs>().AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<HeardLogs>());
}
