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

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/api/setup", CompleteAsync)
            .OpenToAnybody("there is no operator yet; the printed code is the credential").LimitSetup()
            .Accepts<SetUpRequest>("application/json").Produces(StatusCodes.Status204NoContent)
            .WithTags("Set-up").WithSummary("Makes the operator's first account, once");

    private static async Task<IResult> CompleteAsync(HttpContext context, SetUp setUp)
    {
        var (body, refusal) = await JsonBody.ReadAsync<SetUpRequest>(context);
        if (body is null) return refusal!;
        var errors = new Dictionary<string, string>();
        if (EmailAddress.Parse(body.Email) is null) errors["email"] = "An e-mail address.";
        if (!PasswordRules.Accepts(body.Password)) errors["password"] = PasswordRules.Wanted;
        if (errors.Count > 0) return Problem.Of(ProblemKind.InvalidInput, errors: errors);
        return await setUp.CompleteAsync(body.Code, body.Email, body.Password, context.RequestAborted) switch
        {
            SetUp.Result.Done => Results.NoContent(),
            SetUp.Result.Closed => Problem.Of(Closed),
            SetUp.Result.WrongCode => Problem.Of(WrongCode),
            _ => Problem.Of(ProblemKind.InvalidInput, "This account can't be made."),
        };
    }
}

/// <param name="Code">The code that the server printed when it started.</param>
public sealed record SetUpRequest(string Code, string Email, string Password)
{
    public override string ToString() => "set-up request";
}
