using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Hosting.Requests;

namespace Vouchsafe.Tenants.SigningUp;

internal static class SignUpEndpoints
{
    public const string Ask = "/api/sign-up";
    public const string Confirm = "/api/sign-up/confirm";

    public static readonly ProblemKind CodeTaken = new("tenant-code-taken", StatusCodes.Status409Conflict, "This tenant code is taken. Choose another.");
    public static readonly ProblemKind LinkRefused = new("link-refused", StatusCodes.Status410Gone, "This link no longer works. Sign up again.");
    public static readonly ProblemKind WrongPassword = new("wrong-password", StatusCodes.Status403Forbidden, "Incorrect password.");
    public static readonly ProblemKind Staff = new("staff-account", StatusCodes.Status409Conflict, "Operator staff can't join a tenant. Use another address.");
    public static readonly ProblemKind TooMany = new("too-many-attempts", StatusCodes.Status429TooManyRequests, "Too many sign-ups or attempts. Try again after the time in Retry-After.");

    private const string Page = "/sign-up";

    private static readonly string[] Kept = ["code", "legalName", "registrationNumber", "address", "country", "email"];

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost(Ask, ForApiAsync)
            .OpenToAnybody("a tenant's first administrator signs up")
            .StaysOpenWhenReadOnly("it concerns the mailbox, not the tenant of whoever is signed in").LimitSignIn().CountAttempts(AttemptKind.Mail, "sign-up")
            .Accepts<SignUpRequest>("application/json").Produces(StatusCodes.Status202Accepted)
            .WithTags("Sign-up").WithSummary("Sends a link to the administrator's mailbox; the same answer for any address, code and company");
        endpoints.MapPost(Confirm, ConfirmAsync)
            .OpenToAnybody("the link from the mailbox is the credential")
            .StaysOpenWhenReadOnly("it concerns the mailbox, not the tenant of whoever is signed in").LimitSignIn().CountAttempts(AttemptKind.Link, "sign-up")
            .Accepts<SignUpConfirmation>("application/json").Produces<SignedUp>(StatusCodes.Status201Created)
            .WithTags("Sign-up").WithSummary("Creates the tenant and starts its trial");
        endpoints.MapPost(Page, ForPageAsync)
            .OpenToAnybody("a tenant's first administrator signs up")
            .StaysOpenWhenReadOnly("it concerns the mailbox, not the tenant of whoever is signed in").LimitSignIn().CountAttempts(AttemptKind.Mail, "sign-up")
            .ExcludeFromDescription();
    }

    private static async Task<IResult> ForApiAsync(HttpContext context, SignUp signUp)
    {
        var (body, refusal) = await JsonBody.ReadAsync<SignUpRequest>(context);
        if (body is null) return refusal!;
        var (errors, wait) = await signUp.RequestAsync(body, From(context), context.RequestAborted);
        if (errors.Count > 0) return Problem.OfFields(errors);
        return wait is null ? Results.Accepted() : Later(context, wait);
    }

    private static async Task<IResult> ConfirmAsync(HttpContext context, SignUp signUp)
    {
        var (body, refusal) = await JsonBody.ReadAsync<SignUpConfirmation>(context);
        if (body is null) return refusal!;
        var outcome = await signUp.ConfirmAsync(body, From(context), context.RequestAborted);
        return outcome.Result switch
        {
            SignUpResult.Founded => Results.Created("/api/tenant", outcome.Tenant),
            SignUpResult.WrongPassword => Problem.Of(WrongPassword),
            SignUpResult.BadPassword => Problem.OfField("password", outcome.Wrong!),
            SignUpResult.BadCode => Problem.OfField("code", outcome.Wrong!),
            SignUpResult.CodeTaken => Problem.Of(CodeTaken),
            SignUpResult.Staff => Problem.Of(Staff),
            SignUpResult.TooMany => Later(context, outcome.Wait),
            _ => Problem.Of(LinkRefused),
        };
    }

    private static async Task<IResult> ForPageAsync(HttpContext context, SignUp signUp, FormDraft draft)
    {
        var (fields, refusal) = await FormBody.ReadAsync(context);
        if (fields is null) return refusal!;
        string? Field(string name) => fields.GetValueOrDefault(name);
        var (errors, wait) = await signUp.RequestAsync(
            new SignUpRequest(Field("code"), Field("legalName"), Field("registrationNumber"), Field("address"), Field("country"), Field("email")),
            From(context), context.RequestAborted);
        // Kept where it was sent, too: the confirmation names the address, and another can be put in its place.
        draft.Keep(context, Page, Kept.Select(name => KeyValuePair.Create(name, Field(name))));
        if (errors.Count > 0) return SeeOther(context, Page + QueryString.Create("error", errors.InAddress()));
        return SeeOther(context, Page + (wait is { } longer ? PageWait.InAddress(longer) : QueryString.Create("sent", "1")));
    }

    private static IResult Later(HttpContext context, TimeSpan? wait)
    {
        context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling((wait ?? TimeSpan.Zero).TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Problem.Of(TooMany);
    }

    private static IResult SeeOther(HttpContext context, string path)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Location = path;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static IPAddress From(HttpContext context) => context.Connection.RemoteIpAddress ?? IPAddress.None;
}
