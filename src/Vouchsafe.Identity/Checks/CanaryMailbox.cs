using Vouchsafe.Hosting.Canaries;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Attempts;
using Vouchsafe.Identity.Links;
using Vouchsafe.Identity.Sessions;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Checks;

/// <summary>Gives a check the token of a canary's link, by replacing the one that nobody reads.</summary>
internal sealed class CanaryMailbox(IDatabase database, EmailVault vault, AttemptStore attempts, TimeProvider time) : ICanaryMailbox
{
    public async Task<string?> OpenSignUpAsync(string email, CancellationToken cancellationToken)
    {
        var token = Secret.Generate();
        await using var session = database.Platform(Actor.System("checks"));
        var taken = await session.ExecuteAsync(
            """
            update identity.links set token_hash = $1 where link_id =
                (select link_id from identity.links where email_index = $2 and purpose = 'sign-up' and used_at is null and expires_at > $3 order by created_at desc limit 1)
            """, [token.Hash, vault.Index(Canary(email)), time.GetUtcNow()], cancellationToken);
        return taken == 1 ? token.Text : null;
    }

    public async Task ClearAsync(string email, CancellationToken cancellationToken)
    {
        foreach (var budget in new[] { AttemptBudget.SignUpMailToAddress, AttemptBudget.ResetMailToAddress, AttemptBudget.TenantsOfAddress, AttemptBudget.AccountFromElsewhere, AttemptBudget.LinksOfAddress })
            await attempts.ClearAsync(attempts.Key(budget, vault.Index(Canary(email))), cancellationToken);
    }

    private static EmailAddress Canary(string email) => EmailAddress.Parse(email) is { } address && address.Value.EndsWith(AccountMail.CanaryDomain, StringComparison.Ordinal)
        ? address
        : throw new ArgumentException("Only the checks' own addresses are read.", nameof(email));
}
