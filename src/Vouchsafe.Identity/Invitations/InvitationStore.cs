using System.Net;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Attempts;
using Vouchsafe.Identity.Links;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Invitations;

/// <summary>Invites people into a tenant. Nobody is a member, is counted or is named before they have accepted with a link from their own mailbox.</summary>
public sealed class InvitationStore
{
    private const int Attempts = 3;
    private static readonly Actor Identity = Actor.System("identity");

    private readonly IDatabase database;
    private readonly AccountStore accounts;
    private readonly LinkStore links;
    private readonly MailboxProofs proofs;
    private readonly AccountMail mail;
    private readonly AttemptStore attempts;
    private readonly EmailVault vault;
    private readonly ITenantDirectory directory;
    private readonly ITenantStanding? standing;
    private readonly TimeProvider time;

    internal InvitationStore(
        IDatabase database, AccountStore accounts, LinkStore links, MailboxProofs proofs, AccountMail mail, AttemptStore attempts, EmailVault vault,
        ITenantDirectory directory, TimeProvider time, ITenantStanding? standing = null) =>
        (this.database, this.accounts, this.links, this.proofs, this.mail, this.attempts, this.vault, this.directory, this.time, this.standing) =
        (database, accounts, links, proofs, mail, attempts, vault, directory, time, standing);

    /// <summary>The tenant's invitations that are open or were withdrawn with their inviter's right, oldest first.</summary>
    public async Task<IReadOnlyList<Invitation>> ListAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Identity);
        return await session.ListAsync(
            """
            select link_id, email_sealed, role, invited_by, created_at, expires_at, withdrawn_at from identity.links
            where tenant_id = $1 and purpose = 'invitation' and used_at is null and expires_at > $2 order by created_at, link_id
            """,
            [tenant.Value, time.GetUtcNow()],
            row => new Invitation(row.GetGuid(0), vault.OpenOfLink(row.GetGuid(0), row.GetFieldValue<byte[]>(1)).Value, row.GetString(2), row.GetGuid(3),
                row.GetFieldValue<DateTimeOffset>(4), row.GetFieldValue<DateTimeOffset>(5), row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6)),
            cancellationToken);
    }

    /// <summary>Invites an address, and sends the link there. Does the same whether or not the address has an account, and whoever's it is.</summary>
    /// <returns>The invitation; or what is wrong with which field, where the change is <see cref="InvitationChange.Invalid"/>.</returns>
    public async Task<(InvitationChange Change, Invitation? Invitation, IReadOnlyDictionary<string, FieldProblem> Errors)> InviteAsync(
        TenantScope scope, string email, string role, CancellationToken cancellationToken)
    {
        var errors = new Dictionary<string, FieldProblem>();
        if (EmailAddress.ProblemOf(email) is { } wrong) errors["email"] = wrong;
        if (!Roles.OfTenants.Contains(role)) errors["role"] = new FieldProblem(FieldCode.Unknown, "user or admin.");
        if (errors.Count > 0) return (InvitationChange.Invalid, null, errors);
        var (change, invitation) = await SendAsync(scope, EmailAddress.Parse(email)!.Value, role, cancellationToken);
        return (change, invitation, errors);
    }

    /// <summary>Sends an open invitation anew: its link until now opens nothing any more.</summary>
    public async Task<(InvitationChange Change, Invitation? Invitation)> ResendAsync(TenantScope scope, Guid id, CancellationToken cancellationToken) =>
        (await ListAsync(scope.Tenant, cancellationToken)).FirstOrDefault(open => open.Id == id) is { } open
            ? await SendAsync(scope, EmailAddress.Parse(open.Email)!.Value, open.Role, cancellationToken)
            : (InvitationChange.NoSuchInvitation, null);

    public async Task<InvitationChange> WithdrawAsync(TenantScope scope, Guid id, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(scope);
        await session.BeginAsync(cancellationToken);
        if (!await session.SingleOrDefaultAsync("select identity.withdraw_invitation($1, $2, $3)", [scope.Tenant.Value, id, time.GetUtcNow()], row => row.GetBoolean(0), cancellationToken))
            return InvitationChange.NoSuchInvitation;
        await session.RecordAsync(Withdrawn(id, "withdrawn"), cancellationToken);
        await session.CommitAsync(cancellationToken);
        return InvitationChange.Done;
    }

    /// <summary>The entry of an invitation that was withdrawn.</summary>
    /// <param name="why">By somebody who administers, or with its inviter's right to invite.</param>
    internal static AuditEvent Withdrawn(Guid invitation, string why) =>
        new("invitation.withdrawn", [new AuditField("invitation", invitation.ToString("D")), new AuditField("why", why)]);

    /// <summary>Whether the token is of an invitation that was withdrawn: told to nobody who doesn't hold it.</summary>
    public Task<bool> IsWithdrawnAsync(string? token, CancellationToken cancellationToken) => links.IsWithdrawnAsync(token, cancellationToken);

    /// <summary>What an open invitation says; null where the token opens none.</summary>
    public async Task<OfferedInvitation?> FindAsync(string? token, CancellationToken cancellationToken)
    {
        if (await links.FindAsync(LinkPurpose.Invitation, token, cancellationToken) is not { Tenant: { } tenant } link || !await TakesMembersAsync(tenant, cancellationToken)) return null;
        if ((await directory.NamesAsync([tenant], cancellationToken)).GetValueOrDefault(tenant) is not { } name) return null;
        var known = await accounts.FindAsync(link.Address, cancellationToken) is not null;
        return new OfferedInvitation(name.LegalName, name.Code, link.Address.Value, link.Role!, known, link.ExpiresAt);
    }

    /// <summary>Accepts an invitation: the link shows the mailbox, the password the person. An address without an account gets one, with this password.</summary>
    /// <returns>What came of it, the tenant's code where it was accepted, and how long to wait where too much was tried.</returns>
    public async Task<(Acceptance Result, string? Code, TimeSpan? Wait)> AcceptAsync(string? token, string password, IPAddress from, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (proof, link) = await proofs.ProveAsync(LinkPurpose.Invitation, token, password, from, "invitation.refused", cancellationToken);
            if (proof.Verdict != MailboxVerdict.Proven) return (Refused(proof.Verdict), null, proof.Wait);
            if (!await TakesMembersAsync(link!.Tenant!.Value, cancellationToken)) return (Acceptance.NoInvitation, null, null);
            try
            {
                await JoinAsync(link!, proof.Account!, from, cancellationToken);
                return (Acceptance.Accepted, (await directory.NamesAsync([link!.Tenant!.Value], cancellationToken)).GetValueOrDefault(link.Tenant.Value)?.Code, null);
            }
            catch (LinkSpentException)
            {
                return (Acceptance.NoInvitation, null, null);
            }
            catch (AccountRaceException) when (attempt < Attempts)
            {
                // The account was made by another link of the same mailbox: it is known now, and its password is asked for.
            }
        }
    }

    /// <summary>A tenant whose trial ended, or that cancelled, is read-only: it takes nobody in.</summary>
    private async ValueTask<bool> TakesMembersAsync(TenantId tenant, CancellationToken cancellationToken) =>
        standing is null || await standing.OfAsync(tenant, cancellationToken) == Standing.Active;

    private async Task JoinAsync(Link link, PreparedAccount account, IPAddress from, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(new TenantScope(link.Tenant!.Value, Actor.User(account.User), OwnerReach.Own, from));
        await session.BeginAsync(cancellationToken);
        await accounts.RedeemAsync(session, account, cancellationToken);
        await session.RecordAsync(
            new AuditEvent("member.added", [new AuditField("role", link.Role!), new AuditField("invitation", link.Id.ToString("D"))], account.User), cancellationToken);
        await session.CommitAsync(cancellationToken);
    }

    private async Task<(InvitationChange Change, Invitation? Invitation)> SendAsync(TenantScope scope, EmailAddress address, string role, CancellationToken cancellationToken)
    {
        // Members stand in the tenant's own list: that somebody is one tells its administrator nothing.
        if (await accounts.FindAsync(address, cancellationToken) is { } known && known.Seats.Any(seat => seat.Tenant == scope.Tenant))
            return (InvitationChange.AlreadyMember, null);
        if (await SpendAsync(AttemptBudget.InvitationsOfTenant, scope.Tenant, null, cancellationToken) || await SpendAsync(AttemptBudget.InvitationsToAddress, scope.Tenant, address, cancellationToken))
            return (InvitationChange.TooMany, null);
        var company = (await directory.NamesAsync([scope.Tenant], cancellationToken))[scope.Tenant].LegalName;
        await using var session = database.Tenant(scope);
        await session.BeginAsync(cancellationToken);
        var link = await links.InviteAsync(session, address, role, cancellationToken);
        await mail.InvitationAsync(session, link, company, cancellationToken);
        // Whom, the invitation says: an address here would be sealed under the administrator's key, and couldn't be erased with its person's.
        await session.RecordAsync(new AuditEvent("member.invited",
            new AuditField("invitation", link.Id.ToString("D")), new AuditField("role", role)), cancellationToken);
        await session.CommitAsync(cancellationToken);
        return (InvitationChange.Done, new Invitation(link.Id, address.Value, role, scope.Actor.Id, link.ExpiresAt - link.Purpose.Lasts, link.ExpiresAt, null));
    }

    private async Task<bool> SpendAsync(AttemptBudget budget, TenantId tenant, EmailAddress? address, CancellationToken cancellationToken)
    {
        var of = address is { } given ? attempts.Key(budget, tenant.Value.ToByteArray(), vault.Index(given)) : attempts.Key(budget, tenant.Value.ToByteArray());
        return await attempts.SpendAsync(budget, of, cancellationToken) is not null;
    }

    private static Acceptance Refused(MailboxVerdict verdict) => verdict switch
    {
        MailboxVerdict.WrongPassword => Acceptance.WrongPassword,
        MailboxVerdict.BadPassword => Acceptance.BadPassword,
        MailboxVerdict.Staff => Acceptance.Staff,
        MailboxVerdict.TooMany => Acceptance.TooMany,
        _ => Acceptance.NoInvitation,
    };
}
