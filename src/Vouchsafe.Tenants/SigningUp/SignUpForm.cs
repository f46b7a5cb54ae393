using Vouchsafe.Hosting.Problems;

namespace Vouchsafe.Tenants.SigningUp;

/// <summary>A sign-up whose fields are what they must be.</summary>
internal sealed record SignUpForm(string Code, Company Company, string Email)
{
    /// <returns>The form, or what is wrong with which field: all of it at once.</returns>
    public static (SignUpForm? Form, IReadOnlyDictionary<string, FieldProblem> Errors) Check(SignUpRequest request, CompanyRules rules)
    {
        var errors = new Dictionary<string, FieldProblem>();
        var code = TenantCode.Parse(request.Code ?? "");
        if (code is null) errors["code"] = TenantCode.ProblemOf(request.Code);
        var company = CompanyRules.Normalise(request.LegalName, request.RegistrationNumber, request.Address, request.Country);
        foreach (var rule in rules.All)
            if (rule.ProblemOf(company) is { } problem) errors[rule.Field] = problem;
        // The account's own room decides what an address is; here only what is plainly none is named.
        if (request.Email is not { Length: > 2 and <= 320 } email || !email.Contains('@', StringComparison.Ordinal))
            errors["email"] = new FieldProblem(string.IsNullOrWhiteSpace(request.Email) ? FieldCode.Required : FieldCode.Form, "The administrator's e-mail address.");
        return errors.Count == 0 ? (new SignUpForm(code!, company, request.Email!), errors) : (null, errors);
    }

    public override string ToString() => $"sign-up of {Code}";
}

/// <summary>One form to a working tenant: the company, the administrator's address, and no card. The password is chosen with the link that is sent there.</summary>
/// <param name="Code">The tenant's short name, unique.</param>
/// <param name="RegistrationNumber">Unique within the country.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Email">The administrator's.</param>
public sealed record SignUpRequest(
    string? Code = null, string? LegalName = null, string? RegistrationNumber = null, string? Address = null, string? Country = null,
    string? Email = null)
{
    public override string ToString() => "sign-up request";
}

/// <param name="Token">From the link.</param>
/// <param name="Password">Of the address's account; where it has none, the new account's.</param>
/// <param name="Code">Another tenant code than the form's, where that was taken meanwhile.</param>
public sealed record SignUpConfirmation(string Token, string Password, string? Code = null)
{
    public override string ToString() => "sign-up confirmation";
}

/// <summary>A sign-up that waits for its confirmation, as whoever holds the link sees it.</summary>
/// <param name="HasAccount">Whether the address has an account, whose password is asked for.</param>
public sealed record PendingSignUp(string Code, string LegalName, string Email, bool HasAccount)
{
    public override string ToString() => "pending sign-up";
}

/// <param name="TrialEndsAt">From then on everything can be read and nothing written, until a subscription begins.</param>
public sealed record SignedUp(Guid Tenant, string Code, DateTimeOffset TrialEndsAt);
