using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Vouchsafe.Telemetry;

/// <summary>Traces and metrics over OTLP, when <c>Vouchsafe:Telemetry:Endpoint</c> names a collector; nothing otherwise.</summary>
/// <remarks>
/// The sources are the framework's and the driver's own. No attribute carries personal data: the framework leaves out query
/// strings' values, and statements carry parameters' places, not their values.
/// </remarks>
internal sealed class Telemetry : IHostedService, IDisposable
{
    private static readonly string[] Sources = ["Microsoft.AspNetCore", "Npgsql", "Vouchsafe"];

    private static readonly string[] Meters =
        ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Routing", "Npgsql", "System.Runtime", "Vouchsafe", "Vouchsafe.Mail"];

    private readonly Uri endpoint;
    private TracerProvider? traces;
    private MeterProvider? metrics;

    private Telemetry(Uri endpoint) => this.endpoint = endpoint;

    public static void Register(IServiceCollection services, IConfiguration configuration)
    {
        var setting = configuration["Vouchsafe:Telemetry:Endpoint"];
        if (string.IsNullOrEmpty(setting))
            return;
        if (!Uri.TryCreate(setting, UriKind.Absolute, out var endpoint))
            throw new InvalidOperationException("Vouchsafe:Telemetry:Endpoint is not an absolute URI; give the collector's address, like https://collector:4317.");
        services.AddSingleton<IHostedService>(new Telemetry(endpoint));
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        traces = Sdk.CreateTracerProviderBuilder().AddSource(Sources).AddOtlpExporter(otlp => otlp.Endpoint = endpoint).Build();
        metrics = Sdk.CreateMeterProviderBuilder().AddMeter(Meters).AddOtlpExporter(otlp => otlp.Endpoint = endpoint).Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        traces?.ForceFlush(2_000);
        metrics?.ForceFlush(2_000);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        traces?.Dispose();
        metrics?.Dispose();
    }
}
