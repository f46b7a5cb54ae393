using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Hosting.Modules;

namespace Vouchsafe.Acceptance.Running;

/// <summary>A module whose endpoints a sabotage adds while the application serves; empty until then.</summary>
internal sealed class LateEndpoints : EndpointDataSource, IModule
{
    private readonly object gate = new();
    private List<Endpoint> endpoints = [];
    private CancellationTokenSource changed = new();

    public override IReadOnlyList<Endpoint> Endpoints => endpoints;

    public override IChangeToken GetChangeToken()
    {
        lock (gate)
            return new CancellationChangeToken(changed.Token);
    }

    public void Register(IServiceCollection services, Posture posture)
    {
    }

    public void Map(IEndpointRouteBuilder routes) => routes.DataSources.Add(this);

    /// <summary>Serves GET at the path with this metadata, instead of what was there before.</summary>
    public void Serve(string path, params object[] metadata) => Serve(path, context => context.Response.WriteAsync("late"), metadata);

    /// <summary>Fails GET at the path, as code with a fault does.</summary>
    public void Fail(string path, params object[] metadata) => Serve(path, _ => throw new InvalidOperationException("A fault that nobody outside may read about."), metadata);

    /// <summary>Serves GET at the path beside what is served.</summary>
    public void ServeToo(string path, RequestDelegate answer, params object[] metadata) => Change([.. endpoints, EndpointOf(path, answer, metadata)]);

    /// <summary>Takes POST at the path before whoever served it, with this metadata.</summary>
    public void Take(string path, params object[] metadata) => Take(path, context => context.Response.WriteAsync("late"), metadata);

    /// <summary>The same, with an answer of its own.</summary>
    public void Take(string path, RequestDelegate answer, params object[] metadata) =>
        Change([new RouteEndpoint(answer, RoutePatternFactory.Parse(path), -1, new EndpointMetadataCollection([new HttpMethodMetadata(["POST"]), .. metadata]), path)]);

    public void Clear() => Change([]);

    private void Serve(string path, RequestDelegate answer, object[] metadata) =>
        Change([EndpointOf(path, answer, metadata)]);

    private static RouteEndpoint EndpointOf(string path, RequestDelegate answer, object[] metadata) =>
        new(answer, RoutePatternFactory.Parse(path), 0, new EndpointMetadataCollection([new HttpMethodMetadata(["GET"]), .. metadata]), path);

    private void Change(List<Endpoint> now)
    {
        CancellationTokenSource before;
        lock (gate)
        {
            endpoints = now;
            (before, changed) = (changed, new CancellationTokenSource());
        }

        before.Cancel();
    }
}
