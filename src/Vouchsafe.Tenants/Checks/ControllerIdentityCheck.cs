using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.Canaries;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Tenants.Canaries;
using Vouchsafe.Tenants.Contract;
using Vouchsafe.Tenants.SigningUp;

namespace Vouchsafe.Tenants.Checks;

/// <summary>
/// Control <c>contract.controller-identity</c>, over the network: a sign-up without tenant code or company details is refused and founds nothing,
/// so is one with somebody else's code once its mailbox is proved, and the agreement prints the details as they were given.
/// </summary>
internal sealed class ControllerIdentityCheck(CanaryTenants canaries, ICanaryCallers callers, ICanaryMailbox mailbox, ITenantDirectory directory) : ICheck
{
    public const string Named = "contract.controller-identity";

    private static readonly string[] Mandatory = ["code", "legalName", "registrationNumber", "address", "country"];

    public string Control => Named;

    public Vantage Vantage => Vantage.Inside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        var tenant = await canaries.LastingAsync(cancellationToken);
        var seen = new JsonObject { ["mandatory"] = new JsonArray([.. Mandatory.Select(field => (JsonNode)field)]) };
        using var client = new OutsideClient(context.Target);
        var wrong = await MandatoryAsync(client, cancellationToken)
            ?? await UniqueAsync(client, tenant, cancellationToken)
            ?? await PrintedAsync(client, tenant, cancellationToken);
        return wrong is not null
            ? Finding.Broken(wrong, seen)
            : Finding.Held($"Sign-ups without {string.Join(", ", Mandatory)} are refused, and with another tenant's code found nothing; the agreement prints the details that were given.", seen);
    }

    private async Task<string?> MandatoryAsync(OutsideClient client, CancellationToken cancellationToken)
    {
        foreach (var (how, value) in new[] { ("without", null), ("with blank", " \t") })
        {
            var form = Stranger();
            foreach (var field in Mandatory)
                if (value is null) form.Remove(field);
                else form[field] = value;
            var answer = await SignUpAsync(client, form, cancellationToken);
            if (answer.Status != HttpStatusCode.BadRequest || answer.Json?["errors"] is not JsonObject errors)
                return $"A sign-up {how} tenant code and company details is answered with {answer}.";
            if (Mandatory.FirstOrDefault(field => !errors.ContainsKey(field)) is { } passed)
                return $"A sign-up {how} {passed} isn't refused for it.";
        }
        return null;
    }

    /// <summary>A code that is taken is told to whoever proved a mailbox, and to nobody before; a tenant keeps its own.</summary>
    private async Task<string?> UniqueAsync(OutsideClient client, TenantId tenant, CancellationToken cancellationToken)
    {
        var lasting = canaries.Form(Canary.Lasting);
        var sameCode = Stranger();
        sameCode["code"] = lasting.Code!.ToUpperInvariant();
        if (await SignUpAsync(client, sameCode, cancellationToken) is { Status: not HttpStatusCode.Accepted } told)
            return $"A sign-up with another tenant's code is answered with {told}, where any other is with 202.";
        if (await mailbox.OpenSignUpAsync((string)sameCode["email"]!, cancellationToken) is not { } link)
            return "A sign-up sent no link.";
        var confirmation = new JsonObject { ["token"] = link, ["password"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(24)) };
        var confirmed = await client.SendAsync(HttpMethod.Post, new Uri(SignUpEndpoints.Confirm, UriKind.Relative), null, confirmation, cancellationToken);
        if (Guid.TryParse((string?)confirmed.Json?["tenant"], out var founded)) await canaries.MarkAsync(new TenantId(founded), cancellationToken);
        if (confirmed.Status != HttpStatusCode.Conflict)
            return $"A confirmed sign-up with another tenant's code is answered with {confirmed}.";
        return await directory.FindAsync(lasting.Code, cancellationToken) == tenant ? null : "A tenant code leads to another tenant than before.";
    }

    private async Task<string?> PrintedAsync(OutsideClient client, TenantId tenant, CancellationToken cancellationToken)
    {
        var form = canaries.Form(Canary.Lasting);
        var token = await callers.TokenAsync(tenant, Roles.User, cancellationToken);
        foreach (var node in client.Nodes)
        {
            var page = await client.SendAsync(HttpMethod.Get, new Uri(node, ContractEndpoints.Agreement), token, null, cancellationToken);
            if (page.Status != HttpStatusCode.OK)
                return $"The agreement is answered with {page} by {node.Authority}.";
            foreach (var (field, given) in new[] { ("code", form.Code), ("legalName", form.LegalName), ("registrationNumber", form.RegistrationNumber), ("address", form.Address), ("country", form.Country) })
                if (!page.Text.Contains($": {given}\n", StringComparison.Ordinal))
                    return $"The agreement that {node.Authority} prints doesn't have the {field} that was given at sign-up.";
        }
        return null;
    }

    private static Task<OutsideAnswer> SignUpAsync(OutsideClient client, JsonObject form, CancellationToken cancellationToken) =>
        client.SendAsync(HttpMethod.Post, new Uri(SignUpEndpoints.Ask, UriKind.Relative), null, form, cancellationToken);

    /// <summary>A form that nobody sent before, complete.</summary>
    private static JsonObject Stranger()
    {
        var name = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        return new JsonObject
        {
            ["code"] = "probe-" + name, ["legalName"] = "Vouchsafe probe " + name, ["registrationNumber"] = "PROBE" + name, ["address"] = "Proovi 1, Tallinn", ["country"] = "EE",
            ["email"] = $"probe-{name}@vouchsafe.example",
        };
    }
}
