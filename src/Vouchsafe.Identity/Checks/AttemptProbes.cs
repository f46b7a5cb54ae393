using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Canaries;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Attempts;
using Vouchsafe.Identity.Links;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Checks;

/// <summary>
/// Sends each endpoint that takes a password, a link or an address one request with a canary's, over the network, and
/// looks whether the budget that the endpoint declares was spent: by account or by address, whatever was answered.
/// </summary>
internal sealed class AttemptProbes(
    EndpointCatalogue catalogue, AttemptStore attempts, EmailVault vault, LinkStore links, IDatabase database, IdentityCanary canary, ICanaryTenants tenants) : IAttemptProbes
{
    private static readonly Actor Checks = Actor.System("checks");

    public async IAsyncEnumerable<(string Endpoint, string? Fault)> TryAsync(CheckTarget target, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var guessed = await canary.SeparateAsync("guessed", cancellationToken);
        var token = (await canary.OpenAsync(guessed, cancellationToken)).AccessToken;
        foreach (var entry in catalogue.All.Where(entry => entry.Attempts is { Kind: not AttemptKind.Nothing }).DistinctBy(entry => entry.ToString()))
            yield return (entry.ToString(), await TryAsync(target, entry, guessed, token, cancellationToken));
    }

    private async Task<string?> TryAsync(CheckTarget target, EndpointEntry entry, CanaryMember guessed, string token, CancellationToken cancellationToken)
    {
        var counted = entry.Attempts!;
        var stranger = EmailAddress.Parse($"canary-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}{AccountMail.CanaryDomain}")!.Value;
        var address = counted.Kind is AttemptKind.Link or AttemptKind.Session ? guessed.Address : stranger;
        var key = await KeyAsync(counted, guessed, address, cancellationToken);
        await attempts.ClearAsync(key, cancellationToken);
        try
        {
            var link = counted.Kind == AttemptKind.Link ? await IssueAsync(counted.Of, address, cancellationToken) : null;
            var signedIn = entry.Permissions.Count > 0 ? token : null;
            using var client = new OutsideClient(target);
            var answer = entry.BodyFields is { } fields
                ? await client.SendAsync(HttpMethod.Post, new Uri(entry.Example, UriKind.Relative), signedIn, Body(fields, address, link), cancellationToken)
                : await client.PostFormAsync(new Uri(entry.Example, UriKind.Relative), signedIn, Form(address, link), cancellationToken);
            return await attempts.IsSpentAsync(key, cancellationToken) ? null : $"was answered {answer} and counted no attempt";
        }
        finally
        {
            await attempts.ClearAsync(key, CancellationToken.None);
            await using var session = database.Platform(Checks);
            await session.ExecuteAsync("delete from identity.links where email_index = $1", [vault.Index(address)], CancellationToken.None);
        }
    }

    private async Task<byte[]> KeyAsync(CountedAttempts counted, CanaryMember guessed, EmailAddress address, CancellationToken cancellationToken) => counted switch
    {
        { Kind: AttemptKind.SignIn } => attempts.Key(AttemptBudget.AccountFromElsewhere, vault.Index(address)),
        { Kind: AttemptKind.Link } => attempts.Key(AttemptBudget.LinksOfAddress, vault.Index(address)),
        { Kind: AttemptKind.Session } => attempts.Key(AttemptBudget.Reauthentication, guessed.User.ToByteArray()),
        { Of: "sign-up" } => attempts.Key(AttemptBudget.SignUpMailToAddress, vault.Index(address)),
        { Of: "reset" } => attempts.Key(AttemptBudget.ResetMailToAddress, vault.Index(address)),
        _ => await InvitationKeyAsync(address, cancellationToken),
    };

    private async Task<byte[]> InvitationKeyAsync(EmailAddress address, CancellationToken cancellationToken)
    {
        var tenant = (await tenants.LastingAsync(cancellationToken)).Value.ToByteArray();
        // What the check sends shall not use up the canary tenant's own.
        await attempts.ClearAsync(attempts.Key(AttemptBudget.InvitationsOfTenant, tenant), cancellationToken);
        return attempts.Key(AttemptBudget.InvitationsToAddress, tenant, vault.Index(address));
    }

    private async Task<string> IssueAsync(string purpose, EmailAddress address, CancellationToken cancellationToken)
    {
        if (purpose == LinkPurpose.Invitation.Name)
        {
            await using var inviting = database.Tenant(new TenantScope(await tenants.LastingAsync(cancellationToken), Checks, OwnerReach.All, null));
            return (await links.InviteAsync(inviting, address, Roles.User, cancellationToken)).Token.Text;
        }
        await using var session = database.Platform(Checks);
        return purpose == LinkPurpose.SignUp.Name
            ? (await links.IssueAsync(session, LinkPurpose.SignUp, address, Details(address), cancellationToken)).Token.Text
            : (await links.IssueAsync(session, LinkPurpose.Confirmation, address, null, cancellationToken)).Token.Text;
    }

    /// <summary>What a sign-up form would have said; no tenant comes of it, for the password is wrong.</summary>
    private static byte[] Details(EmailAddress address) => System.Text.Encoding.UTF8.GetBytes(new JsonObject
    {
        ["Code"] = "canary-probe",
        ["Company"] = new JsonObject { ["LegalName"] = "Canary", ["RegistrationNumber"] = "1", ["Address"] = "Nowhere 1", ["Country"] = "EE" },
        ["Email"] = address.Value,
    }.ToJsonString());

    private static JsonObject Body(IReadOnlyList<string> fields, EmailAddress address, string? link)
    {
        var body = new JsonObject();
        foreach (var (name, value) in Form(address, link).Where(field => fields.Contains(field.Key)))
            body[name] = value;
        return body;
    }

    private static Dictionary<string, string> Form(EmailAddress address, string? link) => new()
    {
        ["email"] = address.Value, ["password"] = "not the password", ["current"] = "not the password", ["chosen"] = "and none to be chosen", ["token"] = link ?? "",
        ["role"] = Roles.User, ["code"] = "canary-probe", ["legalName"] = "Canary", ["registrationNumber"] = "10000000", ["address"] = "Nowhere 1", ["country"] = "EE",
    };
}
