using System.Net;
using System.Text.Json.Nodes;
using System.Security.Cryptography;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Hosting.Canaries;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Attempts;
using Vouchsafe.Identity.Links;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Checks;

/// <summary>
/// Invites a mailbox that nobody has into the canary tenant, over the network, and looks that neither an account nor
/// a membership came of it.
/// </summary>
internal sealed class UnacceptedInvitation(AccountStore accounts, AttemptStore attempts, IDatabase database)
{
    /// <param name="token">Of the tenant's administrator.</param>
    /// <returns>What is wrong; null where nothing is.</returns>
    public async Task<string?> LookAsync(CheckTarget target, TenantId tenant, string token, CancellationToken cancellationToken)
    {
        await attempts.ClearAsync(attempts.Key(AttemptBudget.InvitationsOfTenant, tenant.Value.ToByteArray()), cancellationToken);
        var address = EmailAddress.Parse($"canary-invited-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}{AccountMail.CanaryDomain}")!.Value;
        using var client = new OutsideClient(target);
        var before = await MembersAsync(tenant, cancellationToken);
        var answer = await client.SendAsync(
            HttpMethod.Post, new Uri("/api/members", UriKind.Relative), token, new JsonObject { ["email"] = address.Value, ["role"] = "admin" }, cancellationToken);
        if (answer.Status != HttpStatusCode.Accepted || (string?)answer.Json?["invitation"] is not { } invitation)
            return $"an invitation was answered {answer}, so that nothing can be told of what it gives";
        var account = await accounts.FindAsync(address, cancellationToken);
        var after = await MembersAsync(tenant, cancellationToken);
        await client.AskAsync(HttpMethod.Delete, "/api/invitations/" + invitation, token, cancellationToken);
        return account is not null ? "an invitation that nobody accepted made an account"
            : after.Except(before).Any(user => !user.IsCanary) ? "an invitation that nobody accepted made a member"
            : null;
    }

    private async Task<List<(Guid User, bool IsCanary)>> MembersAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Actor.System("checks"));
        return await session.ListAsync("select m.user_id, u.canary from identity.memberships m join identity.users u on u.user_id = m.user_id where m.tenant_id = $1",
            [tenant.Value], row => (row.GetGuid(0), row.GetBoolean(1)), cancellationToken);
    }
}
