using System.Net;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Tenants.SigningUp;

/// <summary>Takes foundings from this process through the same rules as the form.</summary>
internal sealed class TenantFounder(SignUp signUp, CompanyRules rules, TimeProvider time) : ITenantFounder
{
    public async Task<TenantId> FoundAsync(TenantFounding founding, CancellationToken cancellationToken)
    {
        var request = new SignUpRequest(founding.Code, founding.LegalName, founding.RegistrationNumber, founding.Address, founding.Country, founding.Email);
        var (form, errors) = SignUpForm.Check(request, rules);
        if (form is null) throw new ArgumentException($"The form doesn't accept: {string.Join(", ", errors.Keys)}.", nameof(founding));
        return await signUp.FoundAsync(form, founding.Password, time.GetUtcNow(), canary: false, IPAddress.Loopback, cancellationToken)
            ?? throw new InvalidOperationException($"Tenant {founding.Code} can't be founded: its code, company or administrator's address belongs to somebody else.");
    }
}
