using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Vouchsafe.Transparency.Witnessing;

namespace Vouchsafe.Cli.Witnessing;

/// <summary>A witness over HTTP (C2SP tlog-witness): one address to submit to and one to monitor, below the same prefix. TLS is the business of whatever stands before it.</summary>
internal static class WitnessServer
{
    public static WebApplication Build(Witness witness, IPAddress address, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        // What goes wrong at the start, the command says; of requests nothing is told.
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(address, port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = AddCheckpoint.LongestBody;
        });
        var app = builder.Build();
        app.MapPost("/add-checkpoint", async (HttpContext context) =>
        {
            var answer = await AnswerAsync(witness, context);
            context.Response.StatusCode = answer.Status;
            context.Response.ContentType = answer.ContentType;
            await context.Response.WriteAsync(answer.Body, context.RequestAborted);
        });
        app.MapGet("/{origin}/checkpoint", (string origin) =>
            witness.Latest(origin) is { } note ? Results.Text(note.ToString(), "text/plain; charset=utf-8") : Results.NotFound());
        return app;
    }

    private static async Task<WitnessAnswer> AnswerAsync(Witness witness, HttpContext context)
    {
        using var body = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        }
        catch (BadHttpRequestException tooLarge)
        {
            return new WitnessAnswer(tooLarge.StatusCode, "The request is too large.\n");
        }
        return witness.Add(body.GetBuffer().AsSpan(0, (int)body.Length));
    }
}
