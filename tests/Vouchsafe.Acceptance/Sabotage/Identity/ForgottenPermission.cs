using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Acceptance.Running;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Modules;
using Vouchsafe.Testing.Sabotage;

namespace Vouchsafe.Acceptance.Sabotage.Identity;

/// <summary>An endpoint appears that asks for no permission, or for one that nobody has.</summary>
internal abstract class LateEndpoint(string name, string expected, params object[] metadata) : ISabotage
{
    private const string Path = "/api/forgotten";

    public string Control => "roles.matrix";

    public string Name => name;

    public string ExpectedMessageFragment => expected;

    public Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        foreach (var late in Of(context))
            late.Serve(Path, metadata);
        var there = context.Nodes.All(node => node.GetRequiredService<EndpointCatalogue>().All.Any(entry => entry.Route == Path));
        return Task.FromResult(there ? $"GET {Path} is served by every node" : null);
    }

    public Task MendAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        foreach (var late in Of(context))
            late.Clear();
        return Task.CompletedTask;
    }

    private static IEnumerable<LateEndpoints> Of(SabotageContext context) =>
        context.Nodes.Select(node => node.GetServices<IModule>().OfType<LateEndpoints>().Single());
}

internal sealed class ForgottenPermission() : LateEndpoint("add an endpoint without a permission", "/api/forgotten names no permission");

internal sealed class UnknownPermission() : LateEndpoint("add an endpoint with a permission that no role has", "forgotten.read", new Permission("forgotten.read"));
