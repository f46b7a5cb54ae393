using System.Net;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Attempts;

/// <summary>
/// Bounds guesses at one account's password, whether or not there is such an account. Guesses from many networks use up what strangers
/// have; whoever signed in from a network before isn't a stranger there, and a reset by mail gives everything back. So nobody can lock
/// an owner out for good.
/// </summary>
internal sealed class PasswordAttempts(AttemptStore attempts, EmailVault vault, IDatabase database, TimeProvider time)
{
    /// <summary>How many networks an account is known from; of more the oldest are forgotten.</summary>
    private const int MostNetworks = 20;

    private static readonly Actor Identity = Actor.System("identity");

    /// <summary>Spends an attempt, before the password is looked at.</summary>
    /// <returns>Null where it may be made; else how long until one may.</returns>
    public async Task<TimeSpan?> SpendAsync(EmailAddress address, IPAddress from, CancellationToken cancellationToken)
    {
        if (await attempts.SpendAsync(AttemptBudget.AccountFromNetwork, Local(address, from), cancellationToken) is { } wait) return wait;
        return await IsKnownAsync(address, from, cancellationToken)
            ? null
            : await attempts.SpendAsync(AttemptBudget.AccountFromElsewhere, Everywhere(address), cancellationToken);
    }

    /// <summary>The password was right: the network is the account's own from now on.</summary>
    public async Task SucceededAsync(Guid user, EmailAddress address, IPAddress from, CancellationToken cancellationToken)
    {
        await attempts.ClearAsync(Local(address, from), cancellationToken);
        // Only what this attempt spent: whoever guesses elsewhere isn't forgiven because the owner came.
        if (!await IsKnownAsync(address, from, cancellationToken)) await attempts.GiveBackAsync(AttemptBudget.AccountFromElsewhere, Everywhere(address), cancellationToken);
        await using var session = database.Platform(Identity);
        await session.ExecuteBatchAsync(
            [
                new Statement(
                    """
                    insert into identity.known_networks (user_id, network, last_seen_at) values ($1, $2, $3)
                    on conflict (user_id, network) do update set last_seen_at = excluded.last_seen_at
                    """, user, Network(address, from), time.GetUtcNow()),
                new Statement(
                    """
                    delete from identity.known_networks where user_id = $1 and network in
                        (select network from identity.known_networks where user_id = $1 order by last_seen_at desc offset $2)
                    """, user, MostNetworks),
            ], cancellationToken);
    }

    /// <summary>The mailbox was proved: strangers' guesses no longer count.</summary>
    public async Task ClearAsync(EmailAddress address, IPAddress from, CancellationToken cancellationToken)
    {
        await attempts.ClearAsync(Local(address, from), cancellationToken);
        await attempts.ClearAsync(Everywhere(address), cancellationToken);
    }

    private async Task<bool> IsKnownAsync(EmailAddress address, IPAddress from, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Identity);
        return await session.SingleOrDefaultAsync(
            """
            select exists (select from identity.users u join identity.known_networks n on n.user_id = u.user_id
                           where u.email_index = $1 and n.network = $2 and n.last_seen_at > $3)
            """, [vault.Index(address), Network(address, from), time.GetUtcNow() - KnownFor], row => row.GetBoolean(0), cancellationToken);
    }

    /// <summary>For how long after the last sign-in a network counts as the account's own.</summary>
    private static readonly TimeSpan KnownFor = TimeSpan.FromDays(90);

    private byte[] Local(EmailAddress address, IPAddress from) =>
        attempts.Key(AttemptBudget.AccountFromNetwork, vault.Index(address), attempts.Network(from));

    private byte[] Everywhere(EmailAddress address) => attempts.Key(AttemptBudget.AccountFromElsewhere, vault.Index(address));

    private byte[] Network(EmailAddress address, IPAddress from) => Local(address, from);
}
