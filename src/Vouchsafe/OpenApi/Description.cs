using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Vouchsafe.Hosting.Access;

namespace Vouchsafe.OpenApi;

/// <summary><c>/openapi/v1.json</c>: every endpoint, with the permission that it asks for.</summary>
internal static class Description
{
    public static void Register(IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
            document.Components.SecuritySchemes["bearer"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "An access token from /api/auth/sign-in.",
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var asked = context.Description.ActionDescriptor.EndpointMetadata.OfType<IPermission>()
                .Select(metadata => metadata.Permission).OfType<Permission>().ToList();
            if (asked.Find(permission => permission.Name is not null) is not { Name: { } name })
                return Task.CompletedTask;
            operation.Description = string.Join("\n\n", new[] { operation.Description, $"Permission: `{name}`." }.Where(text => !string.IsNullOrEmpty(text)));
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", context.Document)] = [] }];
            return Task.CompletedTask;
        });
    });

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapOpenApi("/openapi/{documentName}.json").OpenToAnybody("a client developer reads what there is before signing in");
}
