using System.Net;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Tenants.SigningUp;

/// <summary>Founds tenants: company, administrator, membership, trial and the trail's first entries in one transaction, or nothing.</summary>
internal sealed class SignUp(IDatabase database, IAccounts accounts, TrialOptions trial, TimeProvider time)
{
    private const int Attempts = 4;

    /// <param name="request">Checked by <see cref="SignUpForm"/>.</param>
    /// <param name="startedAt">When the trial begins; now, but for canaries.</param>
    /// <param name="address">From where.</param>
    /// <returns>The tenant: founded now, or by the same request before. Null where code, company or account belongs to others, which one isn't told.</returns>
    public async Task<TenantId?> FoundAsync(SignUpForm request, DateTimeOffset startedAt, bool canary, IPAddress? address, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await accounts.PrepareAsync(request.Email, request.Password, canary, cancellationToken) is not { } account) return null;
            try
            {
                return await FoundAsync(request, account, startedAt, canary, address, cancellationToken);
            }
            catch (AccountRaceException) when (attempt < Attempts)
            {
                // The account was made in between: it is known now, and its password tells whose it is.
            }
            catch (DatabaseRefusedException clash) when (clash is { Refusal: Refusal.Duplicate, Table: "tenants.tenants" })
            {
                // A new account can't have founded anything, unless the same form was sent twice at once: look again.
                if (account.IsNew && attempt < Attempts && await AccountExistsNowAsync(request, canary, cancellationToken)) continue;
                return account.IsNew ? null : await FoundBeforeAsync(request, account, cancellationToken);
            }
        }
    }

    private async Task<TenantId> FoundAsync(SignUpForm request, PreparedAccount account, DateTimeOffset startedAt, bool canary, IPAddress? address, CancellationToken cancellationToken)
    {
        var tenant = new TenantId(Guid.CreateVersion7(time.GetUtcNow()));
        var (name, registration, office, country) = request.Company;
        await using var session = database.Tenant(new TenantScope(tenant, Actor.User(account.User), OwnerReach.All, address));
        await session.BeginAsync(cancellationToken);
        await session.ExecuteAsync("select tenants.found($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            [tenant.Value, request.Code, name, registration, office, country, startedAt, trial.EndOf(startedAt), canary], cancellationToken);
        await session.RecordAsync(new AuditEvent("tenant.founded", [
            new AuditField("code", request.Code), new AuditField("legal-name", name), new AuditField("registration-number", registration),
            new AuditField("address", office), new AuditField("country", country), new AuditField("trial-ends", trial.EndOf(startedAt).ToString("O"))]), cancellationToken);
        await accounts.JoinAsync(session, account, Roles.Admin, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return tenant;
    }

    private async Task<bool> AccountExistsNowAsync(SignUpForm request, bool canary, CancellationToken cancellationToken) =>
        await accounts.PrepareAsync(request.Email, request.Password, canary, cancellationToken) is { IsNew: false };

    /// <summary>The tenant of the same code and company, where the account administers it: the form was sent twice.</summary>
    private async Task<TenantId?> FoundBeforeAsync(SignUpForm request, PreparedAccount account, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Actor.System("sign-up"));
        var id = await session.SingleOrDefaultAsync(
            "select tenant_id from tenants.tenants where code = $1 and country = $2 and registration_number = $3 and cancelled_at is null",
            [request.Code, request.Company.Country, request.Company.RegistrationNumber], row => (Guid?)row.GetGuid(0), cancellationToken);
        return id is { } found && await accounts.RoleAsync(new TenantId(found), account.User, cancellationToken) == Roles.Admin ? new TenantId(found) : null;
    }
}
