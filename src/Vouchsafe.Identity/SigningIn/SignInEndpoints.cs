using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Hosting.Requests;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Attempts;
using Vouchsafe.Identity.Devices;
using Vouchsafe.Identity.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.SigningIn;

internal static class SignInEndpoints
{
    public static readonly ProblemKind Refused = new("sign-in-refused", StatusCodes.Status401Unauthorized, "Incorrect e-mail, password or tenant.");
    public static readonly ProblemKind TokenRefused = new("refresh-refused", StatusCodes.Status401Unauthorized, "The refresh token is invalid, expired or already used. Sign in again.");
    public static readonly ProblemKind TenantNeeded = new("tenant-needed", StatusCodes.Status409Conflict, "The account belongs to several tenants. Name one.");

    private const string Whoever = "it concerns who comes, not the tenant of whoever was signed in";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/api/auth/sign-in", ForTokensAsync)
            .OpenToAnybody("nobody is signed in before signing in").StaysOpenWhenReadOnly(Whoever).LimitSignIn().CountAttempts(AttemptKind.SignIn)
            .Accepts<SignInRequest>("application/json").Produces<TokenPair>().WithTags("Sign-in").WithSummary("Signs in; answers with an access and a refresh token");
        endpoints.MapPost("/api/auth/refresh", RefreshAsync)
            .OpenToAnybody("the refresh token is the credential").StaysOpenWhenReadOnly(Whoever).LimitSignIn().NothingToGuess("the token has 256 bits")
            .Accepts<RefreshRequest>("application/json").Produces<TokenPair>().WithTags("Sign-in").WithSummary("Uses a refresh token up and answers with new tokens");
        endpoints.MapPost("/api/auth/sign-out", SignOutAsync)
            .RequirePermission("account.manage").StaysOpenWhenReadOnly("leaving is never refused")
            .Produces(StatusCodes.Status204NoContent).WithTags("Sign-in").WithSummary("Ends the session on every node");
        endpoints.MapGet("/api/me", MeAsync)
            .RequirePermission("account.manage")
            .Produces<Me>().WithTags("Sign-in").WithSummary("Who is signed in, and what they may do");
        endpoints.MapPost("/sign-in", ForPageAsync)
            .OpenToAnybody("nobody is signed in before signing in").StaysOpenWhenReadOnly(Whoever).LimitSignIn().CountAttempts(AttemptKind.SignIn).ExcludeFromDescription();
        endpoints.MapPost("/sign-out", LeavePageAsync)
            .RequirePermission("account.manage").StaysOpenWhenReadOnly("leaving is never refused").ExcludeFromDescription();
    }

    private static async Task<IResult> ForTokensAsync(HttpContext context, SignIn signIn, SessionOpening opening, TrustedDevices devices)
    {
        var (body, refusal) = await JsonBody.ReadAsync<SignInRequest>(context);
        if (body is null) return refusal!;
        NoStore(context);
        switch (await signIn.AttemptAsync(body.Email, body.Password, body.Tenant, Address(context), DeviceCookie.Read(context.Request), context.RequestAborted))
        {
            case SignIn.Outcome.Accepted accepted when await opening.OpenTokensAsync(accepted, Address(context), context.RequestAborted) is { } pair:
                await devices.TrustAsync(context, accepted.User, accepted.PasswordSetAt, context.RequestAborted);
                return Results.Ok(pair);
            case SignIn.Outcome.TooMany many:
                return AttemptProblems.TooMany(context, many.Wait);
            case SignIn.Outcome.ChooseTenant choice:
                return Problem.Of(TenantNeeded, "Tenants: " + string.Join(", ", choice.Tenants.Select(tenant => tenant.Code)));
            default:
                return Problem.Of(Refused);
        }
    }

    private static async Task<IResult> RefreshAsync(HttpContext context, SessionOpening opening)
    {
        var (body, refusal) = await JsonBody.ReadAsync<RefreshRequest>(context);
        if (body is null) return refusal!;
        NoStore(context);
        return Secret.Parse(body.RefreshToken) is { } token && await opening.RefreshAsync(token, Address(context), context.RequestAborted) is { } pair
            ? Results.Ok(pair)
            : Problem.Of(TokenRefused);
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, SessionOpening opening)
    {
        await EndAsync(context, opening);
        return Results.NoContent();
    }

    private static async Task<IResult> MeAsync(HttpContext context, EmailDirectory emails)
    {
        var caller = Caller.Required(context);
        var email = await emails.OfAsync(caller.User, context.RequestAborted);
        NoStore(context);
        return Results.Ok(new Me(caller.User, email, caller.Tenant?.Value, [.. caller.Roles.Order()], [.. caller.Permissions.Order()]));
    }

    private static async Task<IResult> ForPageAsync(HttpContext context, SignIn signIn, SessionOpening opening, TrustedDevices devices, FormDraft draft)
    {
        var (form, refusal) = await FormBody.ReadAsync(context);
        if (form is null) return refusal!;
        NoStore(context);
        var back = LocalPath.Or(form.GetValueOrDefault("return"), "/");
        var outcome = await signIn.AttemptAsync(form.GetValueOrDefault("email", ""), form.GetValueOrDefault("password", ""), form.GetValueOrDefault("tenant"),
            Address(context), DeviceCookie.Read(context.Request), context.RequestAborted);
        var who = outcome as SignIn.Outcome.Accepted;
        var cookie = who is not null ? await opening.OpenPageAsync(who, Address(context), context.RequestAborted) : null;
        if (cookie is null)
        {
            draft.Keep(context, "/sign-in", [KeyValuePair.Create("email", form.GetValueOrDefault("email")), KeyValuePair.Create("tenant", form.GetValueOrDefault("tenant"))]);
            var why = outcome switch { SignIn.Outcome.ChooseTenant => "tenant", SignIn.Outcome.TooMany => "wait", _ => "refused" };
            return SeeOther(context, "/sign-in" + QueryString.Create("error", why).Add("return", back));
        }
        SessionCookie.Write(context.Response, cookie);
        await devices.TrustAsync(context, who!.User, who.PasswordSetAt, context.RequestAborted);
        return SeeOther(context, back);
    }

    private static async Task<IResult> LeavePageAsync(HttpContext context, SessionOpening opening)
    {
        await EndAsync(context, opening);
        SessionCookie.Clear(context.Response);
        return SeeOther(context, "/sign-in");
    }

    private static Task EndAsync(HttpContext context, SessionOpening opening)
    {
        var caller = Caller.Required(context);
        var scope = caller.Tenant is null
            ? new TenantScope(TenantId.System, Actor.Staff(caller.User), OwnerReach.Own, caller.Address)
            : caller.Scope;
        return opening.EndAsync(scope, caller.Session, context.RequestAborted);
    }

    /// <summary>303, so that the browser comes back with GET and never posts again.</summary>
    private static IResult SeeOther(HttpContext context, string path)
    {
        context.Response.Headers.Location = path;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static void NoStore(HttpContext context) => context.Response.Headers.CacheControl = "no-store";

    private static IPAddress Address(HttpContext context) => context.Connection.RemoteIpAddress ?? IPAddress.None;
}

/// <param name="Tenant">The tenant's code; needed where the account belongs to several.</param>
public sealed record SignInRequest(string Email, string Password, string? Tenant = null)
{
    public override string ToString() => "sign-in request";
}

public sealed record RefreshRequest(string RefreshToken)
{
    public override string ToString() => "refresh request";
}

/// <param name="Tenant">Null for the operator's staff.</param>
public sealed record Me(Guid User, string? Email, Guid? Tenant, IReadOnlyList<string> Roles, IReadOnlyList<string> Permissions);
