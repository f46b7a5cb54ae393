using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Hosting.Requests;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Passwords;

namespace Vouchsafe.Identity.SettingUp;

internal static class SetUpEndpoints
{
    public static readonly ProblemKind Closed = new("setup-closed", StatusCodes.Status410Gone, "The set-up was done; it doesn't open again.");
    public static readonly ProblemKind WrongCode = new("setup-code-refused", StatusCodes.Status403Forbidden, "This is not the code that the server printed when it started.");

    public static readonly ProblemKind CustomerAccount = new("customer-account", StatusCodes.Status409Conflict,
        "This address has a customer's account. The operator needs an address of its own.");

    private const string CodeIsLong = "the code has 256 bits, and there is no account before it is right";
    private const string Why = "there is no operator yet; the printed code is the credential";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/api/setup", CompleteAsync).OpenToAnybody(Why).LimitSetup().NothingToGuess(CodeIsLong)
            .Accepts<SetUpRequest>("application/json").Produces(StatusCodes.Status204NoContent)
            .WithTags("Set-up").WithSummary("Makes the operator's first account, once");
        endpoints.MapPost("/setup", ForPageAsync).OpenToAnybody(Why).LimitSetup().NothingToGuess(CodeIsLong).ExcludeFromDescription();
    }

    private static async Task<IResult> ForPageAsync(HttpContext context, SetUp setUp, FormDraft draft)
    {
        var (form, refusal) = await FormBody.ReadAsync(context);
        if (form is null) return refusal!;
        var (code, email, password) = (form.GetValueOrDefault("code", "").Trim(), form.GetValueOrDefault("email", ""), form.GetValueOrDefault("password", ""));
        var wrong = Wrong(email, password).InAddress();
        if (wrong.Length == 0)
            switch (await setUp.CompleteAsync(code, email, password, context.RequestAborted))
            {
                case SetUp.Result.Done:
                    draft.Keep(context, "/sign-in", [KeyValuePair.Create("email", (string?)email)]);
                    return SeeOther(context, "/sign-in");
                case SetUp.Result.Closed:
                    return Problem.Of(Closed);
                case SetUp.Result.WrongCode:
                    wrong = code.Length == 0 ? "code:required" : "code:wrong";
                    break;
                case SetUp.Result.CustomerAccount:
                    wrong = "customer";
                    break;
                default:
                    wrong = "account";
                    break;
            }
        draft.Keep(context, "/setup", [KeyValuePair.Create("email", (string?)email)]);
        return SeeOther(context, "/setup" + QueryString.Create("error", wrong));
    }

    private static Dictionary<string, FieldProblem> Wrong(string? email, string password)
    {
        var errors = new Dictionary<string, FieldProblem>();
        if (EmailAddress.ProblemOf(email) is { } address) errors["email"] = address;
        if (PasswordRules.ProblemOf(password) is { } chosen) errors["password"] = chosen;
        return errors;
    }

    /// <summary>303, so that the browser comes back with GET and never posts again.</summary>
    private static IResult SeeOther(HttpContext context, string path)
    {
        context.Response.Headers.Location = path;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static async Task<IResult> CompleteAsync(HttpContext context, SetUp setUp)
    {
        var (body, refusal) = await JsonBody.ReadAsync<SetUpRequest>(context);
        if (body is null) return refusal!;
        if (Wrong(body.Email, body.Password) is { Count: > 0 } errors) return Problem.OfFields(errors);
        return await setUp.CompleteAsync(body.Code, body.Email, body.Password, context.RequestAborted) switch
        {
            SetUp.Result.Done => Results.NoContent(),
            SetUp.Result.Closed => Problem.Of(Closed),
            SetUp.Result.WrongCode => Problem.Of(WrongCode),
            SetUp.Result.CustomerAccount => Problem.Of(CustomerAccount),
            _ => Problem.Of(ProblemKind.InvalidInput, "This account can't be made."),
        };
    }
}

/// <param name="Code">The code that the server printed when it started.</param>
public sealed record SetUpRequest(string Code, string Email, string Password)
{
    public override string ToString() => "set-up request";
}
