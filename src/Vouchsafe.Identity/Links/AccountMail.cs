using Vouchsafe.Claims.Postures;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.Languages;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Mails;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Mail;

namespace Vouchsafe.Identity.Links;

/// <summary>
/// The mails about accounts, each put into the transaction that makes it true. A link's token stands in its mail and nowhere else.
/// A mail that somebody asked for is in the language of the page where they did, whether or not the address has an account;
/// what its owner is told of an account is in the account's own.
/// </summary>
/// <param name="origin">Where the pages are: <c>https://host</c>, without a slash at the end.</param>
internal sealed class AccountMail(Posture posture, string origin)
{
    /// <summary>The checks' own mailboxes, in a domain that can't have any (RFC 2606, section 2). Nothing is sent there.</summary>
    public const string CanaryDomain = "@vouchsafe.example";

    /// <param name="company">What was typed into the form: text of a stranger's.</param>
    public Task SignUpAsync(Session session, Link link, string company, bool hasAccount, CancellationToken cancellationToken) =>
        SendAsync(session, link, hasAccount ? "sign-up.known" : "sign-up.new", company, Url(link), cancellationToken);

    public Task InvitationAsync(Session session, Link link, string company, CancellationToken cancellationToken) =>
        SendAsync(session, link, "invitation", company, Url(link), cancellationToken);

    public Task ResetAsync(Session session, Link link, bool hasAccount, CancellationToken cancellationToken) =>
        SendAsync(session, link, hasAccount ? "reset.known" : "reset.unknown", "", hasAccount ? Url(link) : null, cancellationToken);

    /// <summary>To an address that somebody typed into the set-up: it may be a stranger's, and its link gives a stranger nothing.</summary>
    public Task ConfirmationAsync(Session session, Link link, CancellationToken cancellationToken) =>
        SendAsync(session, link, "confirmation", "", Url(link), cancellationToken);

    /// <param name="kind">password.changed or password.reset, as the trail calls it.</param>
    /// <param name="language">The account's.</param>
    public Task PasswordChangedAsync(
        Session session, EmailAddress address, DateTimeOffset at, string kind, string language, CancellationToken cancellationToken)
    {
        var known = PageLanguage.Known(language) ?? PageLanguage.Current;
        return SendAsync(session, address, new MailLetter(kind, known, posture.Company.Product, "", at, origin + "/reset"), cancellationToken);
    }

    // In the query, which browsers send to no other site (the edge asks for no referrer) and our logs don't have.
    // A fragment would need a script.
    private string Url(Link link) => $"{origin}{link.Purpose.Page}?{LinkAddress.Parameter}={link.Token.Text}";

    private Task SendAsync(Session session, Link link, string kind, string company, string? url, CancellationToken cancellationToken) =>
        SendAsync(session, link.Address,
            new MailLetter(kind, PageLanguage.Current, posture.Company.Product, company, link.ExpiresAt, url), cancellationToken);

    private static Task SendAsync(Session session, EmailAddress to, MailLetter letter, CancellationToken cancellationToken) =>
        to.Value.EndsWith(CanaryDomain, StringComparison.Ordinal)
            ? Task.CompletedTask
            : session.EnqueueMailAsync(letter.To(to.Value), cancellationToken);
}
