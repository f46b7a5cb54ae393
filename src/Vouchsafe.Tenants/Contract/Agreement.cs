using System.Globalization;
using System.Text;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Tenants.Directory;

namespace Vouchsafe.Tenants.Contract;

/// <summary>
/// The first page of the data processing agreement: who the parties are (GDPR, Article 28(3)). The controller's part is what was given at
/// sign-up; the processor's is the posture's. Clauses and acceptance are controls of their own.
/// </summary>
internal sealed class Agreement(Posture posture)
{
    /// <summary>What is printed of the controller; a list, so that each detail can be shown to be held.</summary>
    public List<AgreementLine> Controller { get; } =
    [
        new("Tenant code", tenant => tenant.Code),
        new("Company", tenant => tenant.Company.LegalName),
        new("Registration number", tenant => tenant.Company.RegistrationNumber),
        new("Registered office", tenant => tenant.Company.Address),
        new("Country", tenant => tenant.Company.Country),
    ];

    /// <summary>As plain text, a detail a line: details come from people, and shall neither run nor pose as another line.</summary>
    public string Print(TenantRow tenant)
    {
        var page = new StringBuilder();
        page.Append("DATA PROCESSING AGREEMENT\n\n");
        page.Append(CultureInfo.InvariantCulture, $"Between the controller\n\n");
        foreach (var line in Controller)
            page.Append(CultureInfo.InvariantCulture, $"    {line.Name}: {line.Of(tenant).ReplaceLineEndings(", ")}\n");
        page.Append("\nand the processor\n\n");
        page.Append(CultureInfo.InvariantCulture, $"    Company: {posture.Company.Name}\n    Product: {posture.Company.Product}\n    Country: {posture.Company.Country}\n");
        foreach (var (purpose, contact) in posture.Company.Contacts)
            page.Append(CultureInfo.InvariantCulture, $"    Contact ({purpose}): {contact}\n");
        page.Append(CultureInfo.InvariantCulture, $"\nThe parties have been bound since {tenant.StartedAt.UtcDateTime:yyyy-MM-dd} (GDPR, Article 28).\n");
        return page.ToString();
    }
}

/// <param name="Name">What the line says.</param>
/// <param name="Of">The detail of a tenant.</param>
internal sealed record AgreementLine(string Name, Func<TenantRow, string> Of);
