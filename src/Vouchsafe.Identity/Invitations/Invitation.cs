namespace Vouchsafe.Identity.Invitations;

/// <summary>An invitation that nobody accepted yet, as the inviting tenant's administrators see it. It says nothing of whether the address has an account.</summary>
/// <param name="Id">Random.</param>
/// <param name="Role">user or admin.</param>
/// <param name="InvitedBy">The administrator's id.</param>
/// <param name="WithdrawnAt">Since when it opens nothing, because whoever invited may invite nobody any more; null while it is open. It can be sent anew.</param>
public sealed record Invitation(Guid Id, string Email, string Role, Guid InvitedBy, DateTimeOffset InvitedAt, DateTimeOffset ExpiresAt, DateTimeOffset? WithdrawnAt)
{
    public override string ToString() => $"invitation {Id:D}";
}

/// <summary>An invitation, as whoever holds its link sees it.</summary>
/// <param name="Company">Who invites.</param>
/// <param name="Role">user or admin.</param>
/// <param name="HasAccount">Whether the address has an account, whose password is asked for.</param>
public sealed record OfferedInvitation(string Company, string Code, string Email, string Role, bool HasAccount, DateTimeOffset ExpiresAt)
{
    public override string ToString() => $"invitation to {Code}";
}

/// <summary>What came of inviting, resending or withdrawing.</summary>
public enum InvitationChange
{
    Done,

    /// <summary>A field isn't what it must be.</summary>
    Invalid,
    AlreadyMember,
    NoSuchInvitation,

    /// <summary>The tenant, or the address, has had too many.</summary>
    TooMany,
}

/// <summary>What came of accepting an invitation.</summary>
public enum Acceptance
{
    Accepted,

    /// <summary>The token opens nothing: used, withdrawn, expired, or never sent.</summary>
    NoInvitation,
    WrongPassword,
    BadPassword,

    /// <summary>The account is the operator's staff, who belong to no tenant.</summary>
    Staff,
    TooMany,
}
