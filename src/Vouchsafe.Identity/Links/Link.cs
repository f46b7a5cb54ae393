using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Links;

/// <summary>A link that is open: neither used nor expired.</summary>
/// <param name="Id">Random; it tells neither a time nor an account.</param>
/// <param name="Address">The mailbox that it was sent to.</param>
/// <param name="Tenant">Of an invitation: who invites.</param>
/// <param name="Role">Of an invitation: user or admin.</param>
/// <param name="Details">Of a sign-up: what the form said.</param>
internal sealed record Link(
    Guid Id, LinkPurpose Purpose, Secret Token, EmailAddress Address, TenantId? Tenant, string? Role, Guid? InvitedBy, byte[]? Details, DateTimeOffset ExpiresAt)
{
    public override string ToString() => $"{Purpose} link {Id:D}";
}
