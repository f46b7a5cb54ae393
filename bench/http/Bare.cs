using System.Security.Cryptography.X509Certificates;
using Npgsql;

namespace Vouchsafe.Bench.Http;

/// <summary>The peer: a minimal API with TLS and the fastest settings that Npgsql has for a single row, and nothing else.</summary>
internal static class Bare
{
    public static int Run(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenAnyIP(int.Parse(builder.Configuration["Port"]!), listen =>
                listen.UseHttps(X509CertificateLoader.LoadPkcs12FromFile(builder.Configuration["Certificate"]!, null)));
        });
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ItemJson.Default));
        builder.Services.AddSingleton(NpgsqlDataSource.Create(builder.Configuration["Database"]!));
        var app = builder.Build();
        app.MapGet("/api/items/{tenant:guid}/{id:int}", async (Guid tenant, int id, NpgsqlDataSource source, CancellationToken cancellationToken) =>
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var command = new NpgsqlCommand("select id, name, price, updated_at from bench.items_bare where tenant_id = $1 and id = $2", connection)
            {
                Parameters = { new NpgsqlParameter<Guid> { TypedValue = tenant }, new NpgsqlParameter<int> { TypedValue = id } },
            };
            await command.PrepareAsync(cancellationToken);
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            return await row.ReadAsync(cancellationToken)
                ? TypedResults.Ok(new Item(row.GetInt32(0), row.GetString(1), row.GetDecimal(2), row.GetFieldValue<DateTimeOffset>(3)))
                : Results.NotFound();
        });
        app.Run();
        return 0;
    }
}
