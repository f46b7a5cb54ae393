using System.Net;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Devices;

namespace Vouchsafe.Identity.Attempts;

/// <summary>
/// Bounds guesses at one account's password, whether or not there is such an account. What a stranger is answered depends on what strangers did
/// and on nothing else. An account's trusted devices have a budget each that no stranger can use up; a link from the mailbox and an open session
/// have one of their own too. So nobody can lock an owner out (decision 0064).
/// </summary>
internal sealed class PasswordAttempts(AttemptStore attempts, EmailVault vault, TrustedDevices devices)
{
    /// <summary>Spends an attempt to sign in, before the password is looked at.</summary>
    /// <param name="from">The client's address.</param>
    /// <param name="shown">What the client shows of devices; a stranger shows none of the account's.</param>
    public async Task<SpentAttempt> SpendAsync(EmailAddress address, IPAddress from, DeviceTokens shown, CancellationToken cancellationToken)
    {
        if (await devices.FindAsync(address, shown, cancellationToken) is { } device)
        {
            var own = attempts.Key(AttemptBudget.AccountFromDevice, vault.Index(address), device);
            return new SpentAttempt(await attempts.SpendAsync(AttemptBudget.AccountFromDevice, own, cancellationToken)) { Device = own };
        }
        var (local, everywhere) = (Local(address, from), Everywhere(address));
        if (await attempts.SpendAsync(AttemptBudget.AccountFromNetwork, local, cancellationToken) is { } wait) return new SpentAttempt(wait);
        return new SpentAttempt(await attempts.SpendAsync(AttemptBudget.AccountFromElsewhere, everywhere, cancellationToken)) { Local = local, Everywhere = everywhere };
    }

    /// <summary>The password was right. Gives back what its owner spent and nothing that others did: of a stranger's attempts no other is known to be the owner's.</summary>
    public async Task SucceededAsync(SpentAttempt attempt, CancellationToken cancellationToken)
    {
        if (attempt.Device is { } device) await attempts.ClearAsync(device, cancellationToken);
        if (attempt.Local is { } local) await attempts.GiveBackAsync(AttemptBudget.AccountFromNetwork, local, cancellationToken);
        if (attempt.Everywhere is { } everywhere) await attempts.GiveBackAsync(AttemptBudget.AccountFromElsewhere, everywhere, cancellationToken);
    }

    /// <summary>Spends a password that is shown with a link from the mailbox.</summary>
    /// <returns>Null where it may be; else how long until one may.</returns>
    public Task<TimeSpan?> SpendOfLinkAsync(EmailAddress address, CancellationToken cancellationToken) =>
        attempts.SpendAsync(AttemptBudget.LinksOfAddress, OfLinks(address), cancellationToken);

    /// <summary>The password that was shown with a link was right.</summary>
    public Task SucceededOfLinkAsync(EmailAddress address, CancellationToken cancellationToken) => attempts.ClearAsync(OfLinks(address), cancellationToken);

    /// <summary>Spends a password that somebody who is signed in is asked for again.</summary>
    /// <returns>Null where it may be; else how long until one may.</returns>
    public Task<TimeSpan?> SpendOfSessionAsync(Guid user, CancellationToken cancellationToken) =>
        attempts.SpendAsync(AttemptBudget.Reauthentication, OfSessions(user), cancellationToken);

    /// <summary>The password that was asked for again was right.</summary>
    public Task SucceededOfSessionAsync(Guid user, CancellationToken cancellationToken) => attempts.ClearAsync(OfSessions(user), cancellationToken);

    private byte[] Local(EmailAddress address, IPAddress from) =>
        attempts.Key(AttemptBudget.AccountFromNetwork, vault.Index(address), attempts.Network(from));

    private byte[] Everywhere(EmailAddress address) => attempts.Key(AttemptBudget.AccountFromElsewhere, vault.Index(address));

    private byte[] OfLinks(EmailAddress address) => attempts.Key(AttemptBudget.LinksOfAddress, vault.Index(address));

    private byte[] OfSessions(Guid user) => attempts.Key(AttemptBudget.Reauthentication, user.ToByteArray());
}

/// <summary>An attempt to sign in that was counted, and where.</summary>
/// <param name="Wait">Null where it may be made; else how long until one may.</param>
internal sealed record SpentAttempt(TimeSpan? Wait)
{
    /// <summary>The key of a trusted device's budget.</summary>
    public byte[]? Device { get; init; }

    /// <summary>The key of the network's budget.</summary>
    public byte[]? Local { get; init; }

    /// <summary>The key of all strangers' budget.</summary>
    public byte[]? Everywhere { get; init; }
}
