using Vouchsafe.Audit.Trail;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Identity.Links;
using Vouchsafe.Identity.Passwords;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Accounts;

/// <summary>Accounts and how they become members.</summary>
internal sealed class AccountStore(IDatabase database, EmailVault vault, PasswordHasher passwords, TimeProvider time) : IAccounts
{
    private const string LinkSpent = "VS002";
    private static readonly Actor Identity = Actor.System("identity");

    public Task<PreparedAccount?> PrepareAsync(string email, string password, bool canary, CancellationToken cancellationToken) =>
        PrepareAsync(email, password, canary, confirmed: true, cancellationToken);

    /// <param name="confirmed">Whether the process vouches for the mailbox; to one that isn't confirmed no reset is sent.</param>
    internal async Task<PreparedAccount?> PrepareAsync(string email, string password, bool canary, bool confirmed, CancellationToken cancellationToken)
    {
        if (EmailAddress.Parse(email) is not { } address || !PasswordRules.Accepts(password)) return null;
        if (await FindAsync(address, cancellationToken) is not { } known)
            return new NewAccount(RandomId.New(), vault, address, passwords.Hash(password), canary, null) { IsConfirmed = confirmed };
        return passwords.Verify(password, known.Password) == PasswordVerdict.Wrong ? null : new KnownAccount(known.User, null);
    }

    /// <summary>The account that the link's mailbox gets, with the password that was chosen; not written yet.</summary>
    internal PreparedAccount Proven(Link link, string password) => new NewAccount(RandomId.New(), vault, link.Address, passwords.Hash(password), canary: false, link);

    /// <summary>The account that the link's mailbox has, whose password was right.</summary>
    internal static PreparedAccount Proven(Link link, KnownPassword known) => new KnownAccount(known.User, link);

    public async Task JoinAsync(TenantSession session, PreparedAccount account, string role, CancellationToken cancellationToken)
    {
        var tenant = session.Scope.Tenant.Value;
        if (account.IsProven) await RedeemAsync(session, account, cancellationToken);
        try
        {
            if (account is NewAccount { IsProven: false } made)
                await session.ExecuteAsync("select identity.create_user($1, $2, $3, $4, $5, $6, $7)",
                    [tenant, made.User, made.Index, made.Sealed, made.Password, made.Canary, made.IsConfirmed], cancellationToken);
            await session.ExecuteAsync("select identity.add_member($1, $2, $3)", [tenant, account.User, role], cancellationToken);
        }
        catch (DatabaseRefusedException clash) when (clash.Refusal == Refusal.Duplicate)
        {
            throw new AccountRaceException(clash);
        }
        await session.RecordAsync(new AuditEvent("member.added", [new AuditField("role", role)], account.User), cancellationToken);
    }

    /// <summary>Uses the account's link up, in the transaction of a session whose actor is the account; an invitation makes the membership too.</summary>
    /// <exception cref="AccountRaceException">The account was made meanwhile.</exception>
    /// <exception cref="LinkSpentException">The link opens nothing any more.</exception>
    internal async Task RedeemAsync(TenantSession session, PreparedAccount account, CancellationToken cancellationToken)
    {
        var (link, made) = account switch
        {
            NewAccount { Link: { } shown } fresh => (shown, fresh),
            KnownAccount { Link: { } shown } => (shown, (NewAccount?)null),
            _ => throw new InvalidOperationException("No link was shown for this account."),
        };
        try
        {
            await session.ExecuteAsync("select identity.redeem($1, $2, $3, $4, $5, $6, $7)",
                [session.Scope.Tenant.Value, link.Purpose.Name, link.Token.Hash, account.User, made?.Sealed ?? [], Text(made?.Password), time.GetUtcNow()], cancellationToken);
        }
        catch (DatabaseRefusedException clash) when (clash.Refusal == Refusal.Duplicate)
        {
            throw new AccountRaceException(clash);
        }
        catch (DatabaseRefusedException refused) when (refused.SqlState == LinkSpent)
        {
            throw new LinkSpentException(refused);
        }
    }

    public async Task<string?> RoleAsync(TenantId tenant, Guid user, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Identity);
        return await session.SingleOrDefaultAsync("select role from identity.memberships where tenant_id = $1 and user_id = $2",
            [tenant.Value, user], row => row.GetString(0), cancellationToken);
    }

    /// <summary>The account and its memberships, oldest first; one round trip whether or not there is one.</summary>
    internal Task<KnownPassword?> FindAsync(EmailAddress address, CancellationToken cancellationToken) =>
        FindAsync("u.email_index = $1", vault.Index(address), cancellationToken);

    internal Task<KnownPassword?> FindAsync(Guid user, CancellationToken cancellationToken) => FindAsync("u.user_id = $1", user, cancellationToken);

    private async Task<KnownPassword?> FindAsync(string which, object key, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Identity);
        var rows = await session.ListAsync(
            $"""
            select u.user_id, u.password, u.password_set_at, u.email_sealed, m.tenant_id, m.role, u.confirmed_at is not null, u.language
            from identity.users u left join identity.memberships m on m.user_id = u.user_id
            where {which} order by m.joined_at, m.tenant_id
            """,
            [key],
            row => (User: row.GetGuid(0), Password: row.GetString(1), SetAt: row.GetFieldValue<DateTimeOffset>(2), Sealed: row.GetFieldValue<byte[]>(3),
                Tenant: row.IsDBNull(4) ? (Guid?)null : row.GetGuid(4), Role: row.IsDBNull(5) ? "" : row.GetString(5), IsConfirmed: row.GetBoolean(6), Language: row.GetString(7)),
            cancellationToken);
        return rows.Count == 0
            ? null
            : new KnownPassword(rows[0].User, rows[0].Password, rows[0].SetAt, rows[0].Sealed, rows[0].Language,
                [.. rows.Where(row => row.Tenant is not null).Select(row => new Seat(new TenantId(row.Tenant!.Value), row.Role))])
            {
                IsConfirmed = rows[0].IsConfirmed,
            };
    }

    /// <summary>Replaces a weaker hash, unless it was replaced meanwhile.</summary>
    internal async Task RehashAsync(KnownPassword known, string password, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Identity);
        await session.ExecuteAsync("update identity.users set password = $3 where user_id = $1 and password = $2",
            [known.User, known.Password, passwords.Hash(password)], cancellationToken);
    }

    private static Npgsql.NpgsqlParameter Text(string? value) => new() { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value };

    private sealed class KnownAccount(Guid user, Link? link) : PreparedAccount(user, isNew: false, isProven: link is not null)
    {
        public Link? Link { get; } = link;
    }

    private sealed class NewAccount(Guid user, EmailVault vault, EmailAddress address, string password, bool canary, Link? link)
        : PreparedAccount(user, isNew: true, isProven: link is not null)
    {
        public byte[] Index { get; } = vault.Index(address);

        public byte[] Sealed { get; } = vault.Seal(user, address);

        public string Password { get; } = password;

        public bool Canary { get; } = canary;

        public Link? Link { get; } = link;

        public bool IsConfirmed { get; init; }
    }
}

/// <summary>An account as sign-in needs it.</summary>
/// <param name="Password">The hash.</param>
/// <param name="PasswordSetAt">A session is opened only while this is still so: a password that was changed meanwhile opens none.</param>
/// <param name="SealedAddress">For <see cref="EmailVault.Open"/>.</param>
/// <param name="Language">Of its mails: that of the page at which it last signed in.</param>
internal sealed record KnownPassword(Guid User, string Password, DateTimeOffset PasswordSetAt, byte[] SealedAddress, string Language, IReadOnlyList<Seat> Seats)
{
    /// <summary>Whether its mailbox was proved, by its owner or by the process that made it.</summary>
    public bool IsConfirmed { get; init; }

    /// <summary>Staff belong to the operator and to no tenant.</summary>
    public bool IsStaff => Seats.Any(seat => seat.Tenant == TenantId.System);

    public override string ToString() => $"account {User:D}";
}

/// <summary>A membership.</summary>
internal sealed record Seat(TenantId Tenant, string Role);
