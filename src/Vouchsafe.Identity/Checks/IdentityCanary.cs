using System.Net;
using System.Security.Cryptography;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.Canaries;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.SigningIn;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Checks;

/// <summary>A user for each role, members of canary tenants alone.</summary>
internal sealed class IdentityCanary(ICanaryTenants tenants, AccountStore accounts, IDatabase database, SessionOpening sessions, KeyRing keys) : ICanaryCallers
{
    private readonly string password = Convert.ToBase64String(keys.Derive("identity-canary").Bytes);

    public string Password => password;

    public string Address(string role) => $"canary-{role}@vouchsafe.example";

    public async Task<string> TokenAsync(TenantId tenant, string role, CancellationToken cancellationToken) =>
        (await OpenAsync(tenant, await MemberAsync(tenant, role, cancellationToken), role, cancellationToken)).AccessToken;

    /// <summary>Opens a session with tokens for the lasting canary's user of a role.</summary>
    public async Task<(TokenPair Tokens, TenantId Tenant, Guid User)> SignInAsync(string role, CancellationToken cancellationToken)
    {
        var tenant = await tenants.LastingAsync(cancellationToken);
        var user = await MemberAsync(tenant, role, cancellationToken);
        return (await OpenAsync(tenant, user, role, cancellationToken), tenant, user);
    }

    /// <summary>The tenant's canary user who was given this role; made at first use. Whether they still have it, the directory says.</summary>
    public async Task<Guid> MemberAsync(TenantId tenant, string role, CancellationToken cancellationToken)
    {
        try
        {
            return await FindOrJoinAsync(tenant, role, cancellationToken);
        }
        catch (AccountRaceException)
        {
            // Another check made it in the meantime, so that it is found now.
            return await FindOrJoinAsync(tenant, role, cancellationToken);
        }
    }

    /// <summary>A canary of one check's own, an administrator of the lasting canary tenant: what is done to it disturbs no other check.</summary>
    public async Task<CanaryMember> SeparateAsync(string name, CancellationToken cancellationToken)
    {
        var tenant = await tenants.LastingAsync(cancellationToken);
        var address = EmailAddress.Parse($"canary-{name}@vouchsafe.example")!.Value;
        if (await accounts.FindAsync(address, cancellationToken) is { } known)
            return new CanaryMember(tenant, known.User, address);
        var account = await accounts.PrepareAsync(address.Value, password, canary: true, cancellationToken)
            ?? throw new InvalidOperationException($"The canary user {name} can't be prepared.");
        await JoinAsync(tenant, account, Roles.Admin, cancellationToken);
        return new CanaryMember(tenant, account.User, address);
    }

    public Task<TokenPair> OpenAsync(CanaryMember member, CancellationToken cancellationToken) => OpenAsync(member.Tenant, member.User, Roles.Admin, cancellationToken);

    /// <summary>An access token of staff. Its account's password is thrown away as it is made: nobody signs in to it, and nothing else opens its sessions.</summary>
    public async Task<string> StaffTokenAsync(CancellationToken cancellationToken) =>
        (await OpenAsync(TenantId.System, await StaffAsync(cancellationToken), Roles.PlatformAdmin, cancellationToken)).AccessToken;

    private async Task<Guid> StaffAsync(CancellationToken cancellationToken)
    {
        var address = EmailAddress.Parse("canary-staff@vouchsafe.example")!.Value;
        if (await accounts.FindAsync(address, cancellationToken) is { } known)
            return known.User;
        var account = await accounts.PrepareAsync(address.Value, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), canary: true, cancellationToken)
            ?? throw new InvalidOperationException("The canary of the staff can't be prepared.");
        await JoinAsync(TenantId.System, account, Roles.PlatformAdmin, cancellationToken);
        return account.User;
    }

    private async Task<Guid> FindOrJoinAsync(TenantId tenant, string role, CancellationToken cancellationToken)
    {
        var account = await accounts.PrepareAsync(Address(role), password, canary: true, cancellationToken)
            ?? throw new InvalidOperationException($"The canary user of the role {role} can't be prepared: its address belongs to somebody else.");
        if (await accounts.RoleAsync(tenant, account.User, cancellationToken) is not null)
            return account.User;
        await JoinAsync(tenant, account, role, cancellationToken);
        return account.User;
    }

    private async Task JoinAsync(TenantId tenant, PreparedAccount account, string role, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(new TenantScope(tenant, Actor.System("identity.canary"), OwnerReach.All, null));
        await session.BeginAsync(cancellationToken);
        await accounts.JoinAsync(session, account, role, cancellationToken);
        await session.CommitAsync(cancellationToken);
    }

    private async Task<TokenPair> OpenAsync(TenantId tenant, Guid user, string role, CancellationToken cancellationToken) =>
        (await sessions.OpenTokensAsync(new SignIn.Outcome.Accepted(user, tenant, role), IPAddress.Loopback, cancellationToken))!;
}

/// <summary>A canary user and the tenant that it administers.</summary>
internal sealed record CanaryMember(TenantId Tenant, Guid User, EmailAddress Address)
{
    public override string ToString() => $"canary {User:D}";
}
