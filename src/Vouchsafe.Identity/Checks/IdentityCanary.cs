using System.Net;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Identity.SigningIn;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Checks;

/// <summary>A tenant of the checks' own, founded through the real sign-up, with a user for each role that a tenant gives.</summary>
internal sealed class IdentityCanary(ITenantFounder founder, IAccounts accounts, IDatabase database, SessionOpening sessions, KeyRing keys)
{
    private const string Code = "vouchsafe-canary";

    private readonly string password = Convert.ToBase64String(keys.Derive("identity-canary").Bytes);

    /// <summary>Opens a session with tokens for the canary user of a role.</summary>
    public async Task<(TokenPair Tokens, TenantId Tenant, Guid User)> SignInAsync(string role, CancellationToken cancellationToken)
    {
        var tenant = await founder.FoundAsync(
            new TenantFounding(Code, "Vouchsafe canary", "VOUCHSAFE0", "Canary street 1, Tallinn", "EE", Address(Roles.Admin), password), cancellationToken);
        var user = await UserAsync(tenant, role, cancellationToken);
        return (await sessions.OpenTokensAsync(new SignIn.Outcome.Accepted(user, tenant, role), IPAddress.Loopback, cancellationToken), tenant, user);
    }

    private async Task<Guid> UserAsync(TenantId tenant, string role, CancellationToken cancellationToken)
    {
        var account = await accounts.PrepareAsync(Address(role), password, canary: true, cancellationToken)
            ?? throw new InvalidOperationException($"The canary user of the role {role} can't be prepared: its address belongs to somebody else.");
        if (await accounts.RoleAsync(tenant, account.User, cancellationToken) is not null)
            return account.User;
        await using var session = database.Tenant(new TenantScope(tenant, Actor.System("identity.canary"), OwnerReach.All, null));
        await session.BeginAsync(cancellationToken);
        await accounts.JoinAsync(session, account, role, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return account.User;
    }

    private static string Address(string role) => $"canary-{role}@vouchsafe.example";
}
