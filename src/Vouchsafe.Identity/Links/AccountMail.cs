using System.Globalization;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Mail;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Identity.Links;

/// <summary>The mails about accounts, each put into the transaction that makes it true. A link's token stands in its mail and nowhere else.</summary>
/// <param name="origin">Where the pages are: <c>https://host</c>, without a slash at the end.</param>
internal sealed class AccountMail(Posture posture, string origin)
{
    /// <summary>The checks' own mailboxes, in a domain that can't have any (RFC 2606, section 2). Nothing is sent there.</summary>
    public const string CanaryDomain = "@vouchsafe.example";

    private string Product => posture.Company.Product;

    /// <param name="company">What was typed into the form: text of a stranger's.</param>
    public Task SignUpAsync(Session session, Link link, string company, bool hasAccount, CancellationToken cancellationToken) => SendAsync(session, link.Address,
        hasAccount ? $"A new company at {Product}?" : $"Confirm your sign-up at {Product}",
        $"""
        Somebody asked to sign up "{company}" at {Product} with this e-mail address.

        {(hasAccount
            ? "You have an account here already. If it was you, confirm the new company with your password:"
            : "If it was you, confirm it and choose a password:")}
        {Url(link)}

        The link works once, until {Time(link.ExpiresAt)}. If it wasn't you, do nothing: nothing happens without you.
        """, cancellationToken);

    public Task InvitationAsync(Session session, Link link, string company, CancellationToken cancellationToken) => SendAsync(session, link.Address,
        $"You are invited to {Product}",
        $"""
        {company} invites you to work with them at {Product}.

        See who invites you, and accept:
        {Url(link)}

        The link works once, until {Time(link.ExpiresAt)}. Until you accept you are no member, and you can leave it at that.
        """, cancellationToken);

    public Task ResetAsync(Session session, Link link, bool hasAccount, CancellationToken cancellationToken) => SendAsync(session, link.Address,
        hasAccount ? $"Reset your password at {Product}" : $"Nobody has this address at {Product}",
        hasAccount
            ? $"""
              Somebody asked for a new password for your account at {Product}.

              If it was you, choose one here:
              {Url(link)}

              The link works once, until {Time(link.ExpiresAt)}. If it wasn't you, do nothing: your password stays as it is.
              """
            : $"""
              Somebody asked for a new password at {Product} for this e-mail address. There is no account with it: perhaps you signed up with another.

              If it wasn't you, do nothing.
              """, cancellationToken);

    /// <summary>To an address that somebody typed into the set-up: it may be a stranger's, and its link gives a stranger nothing.</summary>
    public Task ConfirmationAsync(Session session, Link link, CancellationToken cancellationToken) => SendAsync(session, link.Address,
        $"Confirm your address at {Product}",
        $"""
        An operator's account at {Product} has this e-mail address. Nobody has confirmed it yet, so that its password can't be reset by mail.

        If the account is yours, confirm the address with its password:
        {Url(link)}

        The link works once, until {Time(link.ExpiresAt)}. If it isn't yours, do nothing.
        """, cancellationToken);

    /// <param name="how">What its owner should know: changed, or reset by mail.</param>
    public Task PasswordChangedAsync(Session session, EmailAddress address, DateTimeOffset at, string how, CancellationToken cancellationToken) => SendAsync(session, address,
        $"Your password at {Product} was changed",
        $"""
        The password of your account at {Product} was {how} at {Time(at)}. Other sessions were ended.

        If it wasn't you, set a new password at once: {origin}/reset
        """, cancellationToken);

    // In the query, which browsers send to no other site (the edge asks for no referrer) and our logs don't have. A fragment would need a script.
    private string Url(Link link) => $"{origin}{link.Purpose.Page}?{LinkAddress.Parameter}={link.Token.Text}";

    private static Task SendAsync(Session session, EmailAddress to, string subject, string text, CancellationToken cancellationToken) =>
        to.Value.EndsWith(CanaryDomain, StringComparison.Ordinal)
            ? Task.CompletedTask
            : session.EnqueueMailAsync(new MailMessage(to.Value, subject, text), cancellationToken);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
