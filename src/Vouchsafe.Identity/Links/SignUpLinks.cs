using System.Net;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Attempts;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Links;

/// <summary>Takes sign-ups through their mailbox. Known and unknown addresses cost the same statements in the same order.</summary>
internal sealed class SignUpLinks(
    IDatabase database, LinkStore links, AccountStore accounts, EmailVault vault, MailboxProofs proofs, AccountMail mail, AttemptStore attempts, GuessLog guesses) : ISignUpLinks
{
    private static readonly Actor Identity = Actor.System("sign-up");

    public FieldProblem? ProblemOf(string? email) => EmailAddress.ProblemOf(email);

    public async Task<TimeSpan?> SendAsync(string email, string company, byte[] details, IPAddress from, CancellationToken cancellationToken)
    {
        var address = EmailAddress.Parse(email) ?? throw new ArgumentException("This is no e-mail address.", nameof(email));
        if (await attempts.SpendAsync(AttemptBudget.MailFromNetwork, attempts.Key(AttemptBudget.MailFromNetwork, attempts.Network(from)), cancellationToken) is { } wait)
            return wait;
        await guesses.RecordAsync("sign-up.requested", address, from, cancellationToken);
        if (await attempts.SpendAsync(AttemptBudget.SignUpMailToAddress, attempts.Key(AttemptBudget.SignUpMailToAddress, vault.Index(address)), cancellationToken) is not null)
            return null;
        var known = await accounts.FindAsync(address, cancellationToken) is not null;
        await using var session = database.Platform(Identity);
        await session.BeginAsync(cancellationToken);
        var link = await links.IssueAsync(session, LinkPurpose.SignUp, address, details, cancellationToken);
        await mail.SignUpAsync(session, link, company, known, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return null;
    }

    public async Task<SignUpLink?> FindAsync(string? token, CancellationToken cancellationToken) =>
        await links.FindAsync(LinkPurpose.SignUp, token, cancellationToken) is { } link
            ? new SignUpLink(link.Address.Value, link.Details!, await accounts.FindAsync(link.Address, cancellationToken) is not null)
            : null;

    public async Task<MailboxProof> ProveAsync(string? token, string password, IPAddress from, CancellationToken cancellationToken) =>
        (await proofs.ProveAsync(LinkPurpose.SignUp, token, password, from, "sign-up.refused", cancellationToken)).Proof;

    public Task<TimeSpan?> SpendTenantAsync(SignUpLink link, CancellationToken cancellationToken) => attempts.SpendAsync(
        AttemptBudget.TenantsOfAddress, attempts.Key(AttemptBudget.TenantsOfAddress, vault.Index(EmailAddress.Parse(link.Email)!.Value)), cancellationToken);
}
