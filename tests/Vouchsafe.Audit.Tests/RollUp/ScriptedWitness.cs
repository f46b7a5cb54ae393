using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vouchsafe.Transparency.Witnessing;

namespace Vouchsafe.Audit.Tests.RollUp;

/// <summary>A real witness over HTTP, before which a test stands: it may let something happen first, or answer itself.</summary>
internal sealed class ScriptedWitness : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _now;

    private ScriptedWitness(WebApplication app, Witness witness) => (_app, Witness) = (app, witness);

    public Witness Witness { get; set; }

    /// <summary>Called before each ask is passed on; an answer goes out in its stead.</summary>
    public Func<Task<WitnessAnswer?>> Before { get; set; } = () => Task.FromResult<WitnessAnswer?>(null);

    /// <summary>What monitors are shown; null: what the witness cosigned last.</summary>
    public Func<string?>? Shows { get; set; }

    public int Asks { get; private set; }

    public int MostAtOnce { get; private set; }

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<ScriptedWitness> StartAsync(Witness witness, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var scripted = new ScriptedWitness(app, witness);
        app.MapPost("/add-checkpoint", scripted.AddAsync);
        app.MapGet("/{origin}/checkpoint", (string origin) =>
            (scripted.Shows is { } shows ? shows() : scripted.Witness.Latest(origin)?.ToString()) is { } note ? Results.Text(note) : Results.NotFound());
        await app.StartAsync(cancellationToken);
        return scripted;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AddAsync(HttpContext context)
    {
        Asks++;
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _now));
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var answer = await Before() ?? Witness.Add(body.ToArray());
        Interlocked.Decrement(ref _now);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        await context.Response.WriteAsync(answer.Body);
    }
}
