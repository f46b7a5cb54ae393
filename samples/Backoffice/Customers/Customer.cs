using Backoffice.Checking;
using Vouchsafe.Tenants.SigningUp;

namespace Backoffice.Customers;

/// <summary>Whom the tenant sells to. Contact, email and phone are a person's.</summary>
public sealed record Customer(
    Guid Id, string Name, string ContactName, string Email, string Phone,
    string Street, string PostalCode, string City, string Country, string VatNumber,
    DateTimeOffset CreatedAt, DateTimeOffset ChangedAt, int Version);

/// <summary>A customer as somebody writes it.</summary>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Version">When changing: the version that was read; whoever changed it since is not overwritten.</param>
public sealed record CustomerInput(
    string Name, string Country, string ContactName = "", string Email = "", string Phone = "",
    string Street = "", string PostalCode = "", string City = "", string VatNumber = "", int? Version = null)
{
    /// <summary>Tidied and checked; what is wrong is in <paramref name="checks"/>.</summary>
    internal CustomerInput Check(Checks checks)
    {
        var tidy = new CustomerInput(
            checks.Line(Name, "name", 200, required: true),
            checks.Line(Country, "country", 2, required: true).ToUpperInvariant(),
            checks.Line(ContactName, "contactName", 200),
            checks.Line(Email, "email", 254),
            checks.Line(Phone, "phone", 40),
            checks.Line(Street, "street", 200),
            checks.Line(PostalCode, "postalCode", 20),
            checks.Line(City, "city", 100),
            checks.Line(VatNumber, "vatNumber", 20).ToUpperInvariant(),
            Version);
        checks.Demand(CountryCode.All.Contains(tidy.Country), "country", "Two letters (ISO 3166-1): EE, DE, FR.");
        checks.Demand(tidy.Email == "" || IsAddress(tidy.Email), "email", "An e-mail address.");
        checks.Demand(tidy.VatNumber.All(char.IsAsciiLetterOrDigit), "vatNumber", "Letters and digits.");
        checks.Demand(tidy.Phone.All(character => char.IsAsciiDigit(character) || character is '+' or ' ' or '-' or '(' or ')' or '.' or '/'), "phone", "Digits, with + ( ) - . / and blanks.");
        return tidy;
    }

    public override string ToString() => "customer input";

    private static bool IsAddress(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at == text.LastIndexOf('@') && at < text.Length - 1 && !text.Any(char.IsWhiteSpace);
    }
}
