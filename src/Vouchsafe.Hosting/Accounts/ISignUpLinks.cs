using System.Net;
using Vouchsafe.Hosting.Problems;

namespace Vouchsafe.Hosting.Accounts;

/// <summary>Sends what a sign-up form said to the mailbox that it names, and takes the link back from there. The Identity module answers.</summary>
public interface ISignUpLinks
{
    /// <summary>Sends a link. Does the same whether or not the address has an account; a mailbox that had several lately gets none, and nobody is told.</summary>
    /// <param name="email">As it was typed.</param>
    /// <param name="company">Named in the mail.</param>
    /// <param name="details">Given back by <see cref="FindAsync"/>; at most 8 KB.</param>
    /// <param name="from">Who asks.</param>
    /// <returns>Null where it was sent or left out; else how long until this client may ask again.</returns>
    /// <exception cref="ArgumentException"><paramref name="email"/> is no address.</exception>
    Task<TimeSpan?> SendAsync(string email, string company, byte[] details, IPAddress from, CancellationToken cancellationToken);

    /// <summary>What stands behind an open link; null where the token opens none.</summary>
    Task<SignUpLink?> FindAsync(string? token, CancellationToken cancellationToken);

    /// <summary>The account of whoever shows the link and a password: the account's own, or the one that a new account is to have. The link stays open.</summary>
    Task<MailboxProof> ProveAsync(string? token, string password, IPAddress from, CancellationToken cancellationToken);

    /// <summary>Spends one of the few tenants that a mailbox may found.</summary>
    /// <returns>Null where it may; else how long until it may.</returns>
    Task<TimeSpan?> SpendTenantAsync(SignUpLink link, CancellationToken cancellationToken);

    /// <summary>Why the text is no address; null where it is one.</summary>
    FieldProblem? ProblemOf(string? email);
}

/// <param name="Email">The mailbox that the link was sent to.</param>
/// <param name="HasAccount">Whether it has an account, whose password is asked for.</param>
public sealed record SignUpLink(string Email, byte[] Details, bool HasAccount)
{
    public override string ToString() => "sign-up link";
}

/// <summary>What came of showing a link and a password.</summary>
/// <param name="Account">Where it is <see cref="MailboxVerdict.Proven"/>.</param>
/// <param name="Wait">Where it is <see cref="MailboxVerdict.TooMany"/>.</param>
/// <param name="Password">Where it is <see cref="MailboxVerdict.BadPassword"/>: what is wrong with the password that was chosen.</param>
public sealed record MailboxProof(MailboxVerdict Verdict, PreparedAccount? Account = null, TimeSpan? Wait = null, FieldProblem? Password = null);

public enum MailboxVerdict
{
    Proven,

    /// <summary>The token opens nothing: it was used, replaced or withdrawn, it ran out, or it never was.</summary>
    NoLink,

    /// <summary>The address has an account, and this isn't its password.</summary>
    WrongPassword,

    /// <summary>The password that was chosen isn't good enough.</summary>
    BadPassword,

    /// <summary>The account is the operator's staff, who belong to no tenant.</summary>
    Staff,

    /// <summary>Too many passwords were tried.</summary>
    TooMany,
}
