using Vouchsafe.Claims.Postures;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Modules;
using Vouchsafe.Postgres;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Bench.Http;

/// <summary>The application with everything on: TLS, headers, limits, token, session, permission, sealed tenant context.</summary>
internal static class Ours
{
    public static int Run(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.ClearProviders();
        builder.AddVouchsafe("posture.yaml").AddModule<Items>();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ItemJson.Default));
        var app = builder.Build();
        app.UseVouchsafe();
        app.MapVouchsafe();
        app.Run();
        return 0;
    }

    private sealed class Items : IModule
    {
        public void Register(IServiceCollection services, Posture posture) =>
            services.AddMigrations("bench", 100, typeof(Items).Assembly);

        public void Map(IEndpointRouteBuilder endpoints) =>
            endpoints.MapGet("/api/items/{id:int}", ReadAsync).RequirePermission("items.read");

        private static async Task<IResult> ReadAsync(int id, HttpContext context, IDatabase database, CancellationToken cancellationToken)
        {
            var scope = Caller.Required(context).Scope;
            await using var session = database.Tenant(scope);
            var item = await session.SingleOrDefaultAsync(
                "select id, name, price, updated_at from bench.items where tenant_id = $1 and id = $2",
                [scope.Tenant.Value, id],
                row => new Item(row.GetInt32(0), row.GetString(1), row.GetDecimal(2), row.GetFieldValue<DateTimeOffset>(3)),
                cancellationToken);
            return item is null ? Results.NotFound() : TypedResults.Ok(item);
        }
    }
}
