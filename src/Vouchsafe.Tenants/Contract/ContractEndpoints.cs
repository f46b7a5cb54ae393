using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Hosting.Requests;
using Vouchsafe.Tenants.Directory;
using Vouchsafe.Tenants.SigningUp;

namespace Vouchsafe.Tenants.Contract;

internal static class ContractEndpoints
{
    public const string Company = "/api/tenant/company";
    public const string Agreement = "/api/tenant/agreement";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPut(Company, CorrectAsync).RequirePermission("subscription.manage")
            .Accepts<CompanyDetails>("application/json").Produces(StatusCodes.Status204NoContent)
            .WithTags("Tenant").WithSummary("Corrects the company's registered details; all of them stay mandatory");
        endpoints.MapGet(Agreement, PrintAsync).RequirePermission("tenant.read")
            .Produces<string>(StatusCodes.Status200OK, "text/plain").WithTags("Tenant").WithSummary("The parties of the data processing agreement");
    }

    private static async Task<IResult> CorrectAsync(HttpContext context, CompanyCorrection correction, CompanyRules rules)
    {
        var caller = Caller.Required(context);
        if (caller.Tenant is null) return Problem.Of(ProblemKind.Forbidden);
        var (body, refusal) = await JsonBody.ReadAsync<CompanyDetails>(context);
        if (body is null) return refusal!;
        var company = CompanyRules.Normalise(body.LegalName, body.RegistrationNumber, body.Address, body.Country);
        var errors = rules.All.Select(rule => (rule.Field, Problem: rule.ProblemOf(company))).Where(rule => rule.Problem is not null)
            .ToDictionary(rule => rule.Field, rule => rule.Problem!);
        if (errors.Count > 0) return Problem.OfFields(errors);
        await correction.CorrectAsync(caller.Scope, company, context.RequestAborted);
        return Results.NoContent();
    }

    private static async Task<IResult> PrintAsync(HttpContext context, Agreement agreement, TenantStore tenants)
    {
        if (Caller.Required(context).Tenant is not { } tenant) return Problem.Of(ProblemKind.Forbidden);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Text(agreement.Print(await tenants.RequiredAsync(tenant, context.RequestAborted)), "text/plain", Encoding.UTF8);
    }
}

/// <param name="RegistrationNumber">In the country's register. One that another tenant holds is accepted, and the operator reviews it.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
public sealed record CompanyDetails(string? LegalName = null, string? RegistrationNumber = null, string? Address = null, string? Country = null)
{
    public override string ToString() => "company details";
}
