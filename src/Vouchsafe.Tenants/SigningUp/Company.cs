using System.Globalization;

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
        new("legalName", "The company's name as registered: one line of up to 200 characters, without a web address.", company =>
            IsText(company.LegalName, 200) && !company.LegalName.Any(IsUnseen)
            && !company.LegalName.Contains("://", StringComparison.Ordinal) && !company.LegalName.Contains("www.", StringComparison.OrdinalIgnoreCase)),
        new("registrationNumber", "The number in the company register: 2 to 32 letters and digits.", company =>
            company.RegistrationNumber.Length is >= 2 and <= 32 && company.RegistrationNumber.All(char.IsAsciiLetterOrDigit)),
        new("address", "The registered office, up to 500 characters.", company => IsText(company.Address, 500)),
        new("country", "The country as two letters (ISO 3166-1): EE, DE, FR.", company => Countries.Contains(company.Country)),
    ];

    /// <summary>The details in their one spelling.</summary>
    public static Company Normalise(string? legalName, string? registrationNumber, string? address, string? country) => new(
        Tidy(legalName),
        Tidy(new string([.. (registrationNumber ?? "").Where(character => character is not (' ' or '.' or '-' or '/'))])).ToUpperInvariant(),
        Tidy(address),
        Tidy(country).ToUpperInvariant());

    private static readonly HashSet<string> Countries = new(
        CultureInfo.GetCultures(CultureTypes.SpecificCultures)
            .Select(culture => new RegionInfo(culture.Name).TwoLetterISORegionName)
            .Where(code => code.Length == 2 && code.All(char.IsAsciiLetterUpper)),
        StringComparer.Ordinal);

    private static bool IsUnseen(char character) => char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string Tidy(string? text) => (text ?? "").Trim();

    private static bool IsText(string text, int longest) =>
        text.Length > 0 && text.Length <= longest && !text.Any(character => char.IsControl(character) && character is not ('\n' or '\r'));
}

/// <param name="Field">The field of the form.</param>
/// <param name="Wanted">What it must be, for the person who fills it in.</param>
/// <param name="Holds">Whether it is.</param>
internal sealed record CompanyRule(string Field, string Wanted, Func<Company, bool> Holds);
