using System.Net;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Attempts;
using Vouchsafe.Identity.Devices;
using Vouchsafe.Identity.Passwords;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.SigningIn;

/// <summary>
/// Tells who somebody is by address and password. A refusal doesn't say why, and costs the same whatever the reason. It stands in the
/// operator's log, never in a tenant's trail: whoever was refused has proved no membership.
/// </summary>
[CountsAttempts]
internal sealed class SignIn(AccountStore accounts, PasswordHasher passwords, ITenantDirectory tenants, PasswordAttempts attempts, GuessLog guesses)
{
    /// <param name="email">As it was typed.</param>
    /// <param name="password">As it was typed.</param>
    /// <param name="tenantCode">Which of the account's tenants; needed where it has several.</param>
    /// <param name="address">From where.</param>
    /// <param name="devices">What the client shows of the devices that accounts trust.</param>
    public async Task<Outcome> AttemptAsync(
        string email, string password, string? tenantCode, IPAddress address, DeviceTokens devices, CancellationToken cancellationToken)
    {
        var typed = EmailAddress.Parse(email);
        // Counted before anything is looked at, so that many at once are no way past it.
        var attempt = typed is { } counted ? await attempts.SpendAsync(counted, address, devices, cancellationToken) : null;
        if (attempt?.Wait is { } wait) return new Outcome.TooMany(wait);
        var known = typed is { } parsed ? await accounts.FindAsync(parsed, cancellationToken) : null;
        var wanted = string.IsNullOrEmpty(tenantCode) ? null : await tenants.FindAsync(tenantCode, cancellationToken);
        var verdict = passwords.Verify(password.Length <= PasswordRules.Longest ? password : "", known?.Password);
        var seats = known is null ? [] : string.IsNullOrEmpty(tenantCode) ? known.Seats : [.. known.Seats.Where(seat => seat.Tenant == wanted)];
        if (known is null || verdict == PasswordVerdict.Wrong || seats.Count == 0)
        {
            // A weaker hash has cost less, and would tell that the password was right.
            if (verdict == PasswordVerdict.RightButWeak) passwords.MakeUp(password, known!.Password);
            await guesses.RecordAsync("sign-in.refused", typed, address, cancellationToken);
            return new Outcome.Refused();
        }

        await attempts.SucceededAsync(attempt!, cancellationToken);
        if (verdict == PasswordVerdict.RightButWeak) await accounts.RehashAsync(known, password, cancellationToken);
        if (seats.Count == 1) return new Outcome.Accepted(known.User, seats[0].Tenant, seats[0].Role) { PasswordSetAt = known.PasswordSetAt };
        var names = await tenants.NamesAsync([.. seats.Select(seat => seat.Tenant)], cancellationToken);
        return new Outcome.ChooseTenant([.. names.Values.OrderBy(name => name.Code, StringComparer.Ordinal)]);
    }

    internal abstract record Outcome
    {
        internal sealed record Accepted(Guid User, TenantId Tenant, string Role) : Outcome
        {
            /// <summary>Of the password that was verified: where it was changed meanwhile no session opens. Null where none was asked for.</summary>
            public DateTimeOffset? PasswordSetAt { get; init; }
        }

        /// <summary>Too many passwords were tried, for an account or for an address that has none.</summary>
        internal sealed record TooMany(TimeSpan Wait) : Outcome;

        internal sealed record Refused : Outcome;

        /// <summary>The password is right; which tenant is meant must be said.</summary>
        internal sealed record ChooseTenant(IReadOnlyList<TenantName> Tenants) : Outcome;
    }
}
