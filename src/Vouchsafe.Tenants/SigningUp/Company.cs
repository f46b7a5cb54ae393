using System.Globalization;
using Vouchsafe.Hosting.Problems;

namespace Vouchsafe.Tenants.SigningUp;

/// <summary>The controller of a tenant's data: what its data processing agreement names (AD-01).</summary>
/// <param name="LegalName">As registered.</param>
/// <param name="RegistrationNumber">In the country's register; without blanks, dots and hyphens, in upper case, so that one company has one spelling.</param>
/// <param name="Address">Registered office, on one or several lines.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
public sealed record Company(string LegalName, string RegistrationNumber, string Address, string Country);

/// <summary>What each detail of a company must be; a list, so that each can be shown to be held.</summary>
internal sealed class CompanyRules
{
    public List<CompanyRule> All { get; } =
    [
        // It stands in mails to people who don't know the company: one line, and nothing that a mail program makes a link of.
        new("legalName", "The company's name as registered: one line of up to 200 characters, without a web address.", company => company.LegalName, 200,
            name => IsText(name) && !name.Any(IsUnseen) && !name.Contains("://", StringComparison.Ordinal) && !name.Contains("www.", StringComparison.OrdinalIgnoreCase)),
        new("registrationNumber", "The number in the company register: 2 to 32 letters and digits.", company => company.RegistrationNumber, 32,
            number => number.Length >= 2 && number.All(char.IsAsciiLetterOrDigit)),
        new("address", "The registered office, up to 500 characters.", company => company.Address, 500, IsText),
        new("country", "The country as two letters (ISO 3166-1): EE, DE, FR.", company => company.Country, 2, CountryCode.All.Contains),
    ];

    /// <summary>The details in their one spelling.</summary>
    public static Company Normalise(string? legalName, string? registrationNumber, string? address, string? country) => new(
        Tidy(legalName),
        Tidy(new string([.. (registrationNumber ?? "").Where(character => character is not (' ' or '.' or '-' or '/'))])).ToUpperInvariant(),
        Tidy(address),
        Tidy(country).ToUpperInvariant());

    private static bool IsUnseen(char character) => char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string Tidy(string? text) => (text ?? "").Trim();

    private static bool IsText(string text) => !text.Any(character => char.IsControl(character) && character is not ('\n' or '\r'));
}

/// <param name="Field">The field of the form.</param>
/// <param name="Wanted">What it must be, for the person who fills it in.</param>
/// <param name="Of">The detail.</param>
/// <param name="Longest">How many characters it may have.</param>
/// <param name="IsSound">Whether a detail that isn't empty and isn't too long is what it must be.</param>
internal sealed record CompanyRule(string Field, string Wanted, Func<Company, string> Of, int Longest, Func<string, bool> IsSound)
{
    /// <summary>What is wrong with the company's detail; null where nothing is.</summary>
    public FieldProblem? ProblemOf(Company company) => Of(company) switch
    {
        { Length: 0 } => new FieldProblem(FieldCode.Required, Wanted),
        var text when text.Length > Longest => new FieldProblem(FieldCode.TooLong, Wanted),
        var text when !IsSound(text) => new FieldProblem(FieldCode.Form, Wanted),
        _ => null,
    };
}
