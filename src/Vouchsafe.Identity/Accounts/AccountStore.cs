using Vouchsafe.Audit.Trail;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Identity.Passwords;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Accounts;

/// <summary>Accounts and how they become members.</summary>
internal sealed class AccountStore(IDatabase database, EmailVault vault, PasswordHasher passwords, TimeProvider time) : IAccounts
{
    private static readonly Actor Identity = Actor.System("identity");

    public async Task<PreparedAccount?> PrepareAsync(string email, string password, bool canary, CancellationToken cancellationToken)
    {
        if (EmailAddress.Parse(email) is not { } address || !PasswordRules.Accepts(password)) return null;
        if (await FindAsync(address, cancellationToken) is not { } known) return New(address, password, canary);
        return passwords.Verify(password, known.Password) == PasswordVerdict.Wrong ? null : new KnownAccount(known.User);
    }

    /// <summary>The account of the address, whoever asks: for an administrator who brings a person in. The password is for a new account alone.</summary>
    internal async Task<PreparedAccount?> InviteAsync(EmailAddress address, string password, CancellationToken cancellationToken)
    {
        // Hashed whether or not it is needed: the time of an invitation doesn't tell whether the person was known.
        var made = New(address, password, canary: false);
        return await FindAsync(address, cancellationToken) is { } known ? new KnownAccount(known.User) : made;
    }

    public async Task JoinAsync(TenantSession session, PreparedAccount account, string role, CancellationToken cancellationToken)
    {
        var tenant = session.Scope.Tenant.Value;
        try
        {
            if (account is NewAccount made)
                await session.ExecuteAsync("select identity.create_user($1, $2, $3, $4, $5, $6)",
                    [tenant, made.User, made.Index, made.Sealed, made.Password, made.Canary], cancellationToken);
            await session.ExecuteAsync("select identity.add_member($1, $2, $3)", [tenant, account.User, role], cancellationToken);
        }
        catch (DatabaseRefusedException clash) when (clash.Refusal == Refusal.Duplicate)
        {
            throw new AccountRaceException(clash);
        }
        await session.RecordAsync(new AuditEvent("member.added", [new AuditField("role", role)], account.User), cancellationToken);
    }

    public async Task<string?> RoleAsync(TenantId tenant, Guid user, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Identity);
        return await session.SingleOrDefaultAsync("select role from identity.memberships where tenant_id = $1 and user_id = $2",
            [tenant.Value, user], row => row.GetString(0), cancellationToken);
    }

    /// <summary>The account and its memberships, oldest first; one round trip whether or not there is one.</summary>
    internal async Task<KnownPassword?> FindAsync(EmailAddress address, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Identity);
        var rows = await session.ListAsync(
            """
            select u.user_id, u.password, m.tenant_id, m.role
            from identity.users u left join identity.memberships m on m.user_id = u.user_id
            where u.email_index = $1 order by m.joined_at, m.tenant_id
            """,
            [vault.Index(address)],
            row => (User: row.GetGuid(0), Password: row.GetString(1), Tenant: row.IsDBNull(2) ? (Guid?)null : row.GetGuid(2), Role: row.IsDBNull(3) ? "" : row.GetString(3)),
            cancellationToken);
        return rows.Count == 0
            ? null
            : new KnownPassword(rows[0].User, rows[0].Password, [.. rows.Where(row => row.Tenant is not null).Select(row => new Seat(new TenantId(row.Tenant!.Value), row.Role))]);
    }

    /// <summary>Replaces a weaker hash, unless it was replaced meanwhile.</summary>
    internal async Task RehashAsync(KnownPassword known, string password, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Identity);
        await session.ExecuteAsync("update identity.users set password = $3 where user_id = $1 and password = $2",
            [known.User, known.Password, passwords.Hash(password)], cancellationToken);
    }

    private NewAccount New(EmailAddress address, string password, bool canary)
    {
        var user = Guid.CreateVersion7(time.GetUtcNow());
        return new NewAccount(user, vault.Index(address), vault.Seal(user, address), passwords.Hash(password), canary);
    }

    private sealed class KnownAccount(Guid user) : PreparedAccount(user, isNew: false);

    private sealed class NewAccount(Guid user, byte[] index, byte[] sealedAddress, string password, bool canary) : PreparedAccount(user, isNew: true)
    {
        public byte[] Index { get; } = index;

        public byte[] Sealed { get; } = sealedAddress;

        public string Password { get; } = password;

        public bool Canary { get; } = canary;
    }
}

/// <summary>An account as sign-in needs it.</summary>
internal sealed record KnownPassword(Guid User, string Password, IReadOnlyList<Seat> Seats)
{
    public override string ToString() => $"account {User:D}";
}

/// <summary>A membership.</summary>
internal sealed record Seat(TenantId Tenant, string Role);
