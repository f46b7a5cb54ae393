namespace Vouchsafe.Identity.Links;

/// <summary>What a link from a mailbox opens, for how long it does, and which page it leads to.</summary>
/// <param name="Name">As the database has it.</param>
/// <param name="Lasts">From the moment it is sent.</param>
/// <param name="Page">The page that takes its token.</param>
internal sealed record LinkPurpose(string Name, TimeSpan Lasts, string Page)
{
    public static readonly LinkPurpose SignUp = new("sign-up", TimeSpan.FromHours(24), "/sign-up/confirm");

    public static readonly LinkPurpose Invitation = new("invitation", TimeSpan.FromDays(7), "/invitation");

    /// <summary>Short, for it replaces a password that may be in use (OWASP: Forgot Password Cheat Sheet).</summary>
    public static readonly LinkPurpose Reset = new("reset", TimeSpan.FromMinutes(30), "/reset/confirm");

    /// <summary>Proves the mailbox of an account that was made without one: the operator's first.</summary>
    public static readonly LinkPurpose Confirmation = new("confirmation", TimeSpan.FromHours(24), "/account/confirm");

    public override string ToString() => Name;
}
