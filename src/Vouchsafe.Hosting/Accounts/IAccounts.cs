using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Hosting.Accounts;

/// <summary>People's accounts, for modules that bring people in: sign-up, seeds. The Identity module answers.</summary>
public interface IAccounts
{
    /// <summary>
    /// The account of this address: the one that is there where the password is its own, or a new one, not written yet.
    /// Null where the address is known under another password, or is none. Does the same work in each case.
    /// </summary>
    Task<PreparedAccount?> PrepareAsync(string email, string password, bool canary, CancellationToken cancellationToken);

    /// <summary>Writes the account where it is new, its membership and the entry in the trail, in the session's open transaction.</summary>
    /// <exception cref="AccountRaceException">Somebody else made this account a moment ago, or the membership; the transaction can't be committed any more. Prepare again.</exception>
    Task JoinAsync(TenantSession session, PreparedAccount account, string role, CancellationToken cancellationToken);

    /// <summary>The user's role in the tenant, or null.</summary>
    Task<string?> RoleAsync(TenantId tenant, Guid user, CancellationToken cancellationToken);
}

/// <summary>An account that is about to become a member.</summary>
public abstract class PreparedAccount(Guid user, bool isNew)
{
    public Guid User { get; } = user;

    public bool IsNew { get; } = isNew;
}

/// <summary>Two made the same account or membership at once, and this one came second.</summary>
public sealed class AccountRaceException(Exception inner) : Exception("The account or its membership was made by somebody else at the same time.", inner);
