using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Hosting.Requests;
using Vouchsafe.Tenants.Directory;

namespace Vouchsafe.Tenants.SigningUp;

internal static class SignUpEndpoints
{
    public static readonly ProblemKind Refused = new("sign-up-refused", StatusCodes.Status409Conflict,
        "The tenant code, the company or the administrator's account can't be used. Choose another code, or sign in.");

    private const string Page = "/sign-up";

    private static readonly string[] Kept = ["code", "legalName", "registrationNumber", "address", "country", "email"];

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/api/sign-up", ForApiAsync)
            .OpenToAnybody("a tenant's first administrator signs up").LimitSignIn()
            .Accepts<SignUpRequest>("application/json").Produces<SignedUp>(StatusCodes.Status201Created)
            .WithTags("Sign-up").WithSummary("Founds a tenant with its trial; no card is asked for");
        endpoints.MapPost(Page, ForPageAsync)
            .OpenToAnybody("a tenant's first administrator signs up").LimitSignIn().ExcludeFromDescription();
    }

    private static async Task<IResult> ForApiAsync(HttpContext context, SignUp signUp, CompanyRules rules, TenantStore tenants, TimeProvider time)
    {
        var (body, refusal) = await JsonBody.ReadAsync<SignUpRequest>(context);
        if (body is null) return refusal!;
        var (form, errors) = SignUpForm.Check(body, rules);
        if (form is null) return Problem.Of(ProblemKind.InvalidInput, errors: errors);
        if (await signUp.FoundAsync(form, time.GetUtcNow(), canary: false, context.Connection.RemoteIpAddress, context.RequestAborted) is not { } tenant)
            return Problem.Of(Refused);
        var row = await tenants.RequiredAsync(tenant, context.RequestAborted);
        return Results.Created("/api/tenant", new SignedUp(tenant.Value, row.Code, row.TrialEndsAt));
    }

    private static async Task<IResult> ForPageAsync(HttpContext context, SignUp signUp, CompanyRules rules, FormDraft draft, TimeProvider time)
    {
        var (fields, refusal) = await FormBody.ReadAsync(context);
        if (fields is null) return refusal!;
        string? Field(string name) => fields.GetValueOrDefault(name);
        var (form, errors) = SignUpForm.Check(
            new SignUpRequest(Field("code"), Field("legalName"), Field("registrationNumber"), Field("address"), Field("country"), Field("email"), Field("password")), rules);
        if (form is null)
            return Again(string.Join(',', errors.Keys.Order(StringComparer.Ordinal)));
        var tenant = await signUp.FoundAsync(form, time.GetUtcNow(), canary: false, context.Connection.RemoteIpAddress, context.RequestAborted);
        return tenant is null ? Again("refused") : SeeOther(context, "/sign-in" + QueryString.Create("welcome", form.Code));

        IResult Again(string error)
        {
            draft.Keep(context, Page, Kept.Select(name => KeyValuePair.Create(name, Field(name))));
            return SeeOther(context, Page + QueryString.Create("error", error));
        }
    }

    private static IResult SeeOther(HttpContext context, string path)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Location = path;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }
}
