namespace Vouchsafe.Identity.Attempts;

/// <summary>How often something may be tried: a burst at once, and one more each time an interval has passed.</summary>
/// <param name="Name">Names the budget within its key.</param>
/// <param name="Burst">How many at once, where nothing was tried before.</param>
/// <param name="Every">How long it takes until one is given back.</param>
/// <remarks>Fixed, not promised: no posture names them (decision 0064). AF-16's limit per client comes before all of them.</remarks>
internal sealed record AttemptBudget(string Name, int Burst, TimeSpan Every)
{
    /// <summary>Sign-ins with one address from one network, by whoever isn't on a trusted device. About 250 a day.</summary>
    public static readonly AttemptBudget AccountFromNetwork = new("account-network", 10, TimeSpan.FromMinutes(6));

    /// <summary>Sign-ins with one address from all networks together, by whoever isn't on a trusted device. About 500 a day.</summary>
    public static readonly AttemptBudget AccountFromElsewhere = new("account", 50, TimeSpan.FromMinutes(3));

    /// <summary>Sign-ins to one account from one of its trusted devices: nobody else's attempts count there.</summary>
    public static readonly AttemptBudget AccountFromDevice = new("account-device", 10, TimeSpan.FromMinutes(6));

    /// <summary>Passwords shown with links from one mailbox. Apart from sign-ins: who guesses there keeps nobody from answering a mail.</summary>
    public static readonly AttemptBudget LinksOfAddress = new("links", 10, TimeSpan.FromMinutes(6));

    /// <summary>Passwords that an account is asked for again while it is signed in.</summary>
    public static readonly AttemptBudget Reauthentication = new("reauthentication", 10, TimeSpan.FromMinutes(6));

    /// <summary>Sign-up mails that strangers may have sent to one mailbox.</summary>
    public static readonly AttemptBudget SignUpMailToAddress = new("mail", 3, TimeSpan.FromMinutes(30));

    /// <summary>Reset mails to one mailbox. Apart from sign-ups: else whoever signs up with an address keeps its owner from a reset.</summary>
    public static readonly AttemptBudget ResetMailToAddress = new("mail-reset", 3, TimeSpan.FromMinutes(30));

    /// <summary>Such mails that one network may have sent.</summary>
    public static readonly AttemptBudget MailFromNetwork = new("mail-network", 10, TimeSpan.FromMinutes(6));

    /// <summary>Tenants that one mailbox may found.</summary>
    public static readonly AttemptBudget TenantsOfAddress = new("tenants", 5, TimeSpan.FromHours(5));

    /// <summary>Invitations that one tenant may send.</summary>
    public static readonly AttemptBudget InvitationsOfTenant = new("invitations", 50, TimeSpan.FromMinutes(2));

    /// <summary>Invitations that one mailbox may get from one tenant, resent ones among them.</summary>
    public static readonly AttemptBudget InvitationsToAddress = new("invitation", 3, TimeSpan.FromHours(1));
}
