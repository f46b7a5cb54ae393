using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Hosting.Accounts;

/// <summary>People's accounts, for modules that bring people in. The Identity module answers.</summary>
public interface IAccounts
{
    /// <summary>
    /// The account of this address, for what this process makes by itself: seeds, canaries, the operator's first account. Nobody has proved the
    /// mailbox, so no request may lead here. The one that is there where the password is its own, or a new one, not written yet.
    /// Null where the address is known under another password, or is none.
    /// </summary>
    Task<PreparedAccount?> PrepareAsync(string email, string password, bool canary, CancellationToken cancellationToken);

    /// <summary>
    /// Writes the account where it is new, its membership and the entry in the trail, in the session's open transaction. The session's actor is the
    /// account where it is <see cref="PreparedAccount.IsProven"/>, whose link is used up, and the system where it isn't.
    /// </summary>
    /// <exception cref="AccountRaceException">Somebody else made this account a moment ago, or the membership; the transaction can't be committed any more. Prepare again.</exception>
    /// <exception cref="LinkSpentException">The link was used or ran out meanwhile.</exception>
    Task JoinAsync(TenantSession session, PreparedAccount account, string role, CancellationToken cancellationToken);

    /// <summary>The user's role in the tenant, or null.</summary>
    Task<string?> RoleAsync(TenantId tenant, Guid user, CancellationToken cancellationToken);
}

/// <summary>An account that is about to become a member.</summary>
public abstract class PreparedAccount(Guid user, bool isNew, bool isProven)
{
    public Guid User { get; } = user;

    public bool IsNew { get; } = isNew;

    /// <summary>Whether a link from the account's mailbox was shown, and its password.</summary>
    public bool IsProven { get; } = isProven;
}

/// <summary>Two made the same account or membership at once, and this one came second.</summary>
public sealed class AccountRaceException(Exception inner) : Exception("The account or its membership was made by somebody else at the same time.", inner);

/// <summary>A link was used, replaced or withdrawn, or ran out.</summary>
public sealed class LinkSpentException(Exception inner) : Exception("The link doesn't open anything any more.", inner);
