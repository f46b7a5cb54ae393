using System.Net;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Passwords;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.SigningIn;

/// <summary>Tells who somebody is by address and password. A refusal doesn't say why, and costs the same whatever the reason.</summary>
internal sealed class SignIn(AccountStore accounts, PasswordHasher passwords, ITenantDirectory tenants, IDatabase database)
{
    /// <param name="email">As it was typed.</param>
    /// <param name="password">As it was typed.</param>
    /// <param name="tenantCode">Which of the account's tenants; needed where it has several.</param>
    /// <param name="address">From where.</param>
    public async Task<Outcome> AttemptAsync(string email, string password, string? tenantCode, IPAddress address, CancellationToken cancellationToken)
    {
        var known = EmailAddress.Parse(email) is { } parsed ? await accounts.FindAsync(parsed, cancellationToken) : null;
        var wanted = string.IsNullOrEmpty(tenantCode) ? null : await tenants.FindAsync(tenantCode, cancellationToken);
        var verdict = passwords.Verify(password.Length <= PasswordRules.Longest ? password : "", known?.Password);
        if (known is null)
        {
            // No address stands in the entry: it may be somebody's password, typed into the wrong field.
            await RecordAsync(new TenantScope(TenantId.System, Actor.System("sign-in"), OwnerReach.All, address), "sign-in.refused", null, cancellationToken);
            return new Outcome.Refused();
        }

        var seats = string.IsNullOrEmpty(tenantCode) ? known.Seats : [.. known.Seats.Where(seat => seat.Tenant == wanted)];
        if (verdict == PasswordVerdict.Wrong || seats.Count == 0)
        {
            var log = seats.Count > 0 ? seats[0].Tenant : known.Seats.Count > 0 ? known.Seats[0].Tenant : TenantId.System;
            await RecordAsync(new TenantScope(log, Actor.System("sign-in"), OwnerReach.All, address), "sign-in.refused", log == TenantId.System ? null : known.User, cancellationToken);
            return new Outcome.Refused();
        }

        if (verdict == PasswordVerdict.RightButWeak) await accounts.RehashAsync(known, password, cancellationToken);
        if (seats.Count == 1) return new Outcome.Accepted(known.User, seats[0].Tenant, seats[0].Role);
        var names = await tenants.NamesAsync([.. seats.Select(seat => seat.Tenant)], cancellationToken);
        return new Outcome.ChooseTenant([.. names.Values.OrderBy(name => name.Code, StringComparer.Ordinal)]);
    }

    private async Task RecordAsync(TenantScope scope, string name, Guid? subject, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(scope);
        await session.RecordAsync(new AuditEvent(name, [], subject), cancellationToken);
    }

    internal abstract record Outcome
    {
        internal sealed record Accepted(Guid User, TenantId Tenant, string Role) : Outcome;

        internal sealed record Refused : Outcome;

        /// <summary>The password is right; which tenant is meant must be said.</summary>
        internal sealed record ChooseTenant(IReadOnlyList<TenantName> Tenants) : Outcome;
    }
}
