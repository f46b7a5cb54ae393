namespace Vouchsafe.Hosting.Canaries;

/// <summary>Reads the mail of the checks' own addresses, which is never sent: their domain has no mailboxes. The Identity module answers.</summary>
public interface ICanaryMailbox
{
    /// <summary>The token of the newest open sign-up link of a canary's address; null where there is none. The token that the mail would have had opens nothing then.</summary>
    /// <exception cref="ArgumentException">The address is somebody's.</exception>
    Task<string?> OpenSignUpAsync(string email, CancellationToken cancellationToken);

    /// <summary>Lets a canary's address be signed up, and its password be asked for, as if nobody had done so lately.</summary>
    /// <exception cref="ArgumentException">The address is somebody's.</exception>
    Task ClearAsync(string email, CancellationToken cancellationToken);
}
