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

namespace Vouchsafe.Tenants.Checks;

/// <summary>
/// Control <c>contract.controller-identity</c>, over the network: a sign-up without tenant code or company details is refused and founds nothing,
/// so is one with somebody else's, and the agreement prints the details as they were given.
/// </summary>
internal sealed class ControllerIdentityCheck(CanaryTenants canaries, ICanaryCallers callers, ITenantDirectory directory) : ICheck
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
            : Finding.Held($"Sign-ups without {string.Join(", ", Mandatory)}, or with another tenant's code or registration, are refused and found nothing; the agreement prints the details that were given.", seen);
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

    private async Task<string?> UniqueAsync(OutsideClient client, TenantId tenant, CancellationToken cancellationToken)
    {
        var lasting = canaries.Form(Canary.Lasting);
        var sameCode = Stranger();
        sameCode["code"] = lasting.Code!.ToUpperInvariant();
        if (await SignUpAsync(client, sameCode, cancellationToken) is { Status: not HttpStatusCode.Conflict } taken)
            return $"A sign-up with another tenant's code is answered with {taken}.";

        var sameCompany = Stranger();
        sameCompany["country"] = lasting.Country!.ToLowerInvariant();
        sameCompany["registrationNumber"] = string.Join('-', lasting.RegistrationNumber!.ToLowerInvariant().Chunk(4).Select(chunk => new string(chunk)));
        if (await SignUpAsync(client, sameCompany, cancellationToken) is { Status: not HttpStatusCode.Conflict } claimed)
            return $"A sign-up with another tenant's company is answered with {claimed}.";
        if (await directory.FindAsync((string)sameCompany["code"]!, cancellationToken) is not null)
            return "A sign-up that was refused founded a tenant.";
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

    /// <summary>Sends the form; a tenant that it founds against the promise is at least nobody's.</summary>
    private async Task<OutsideAnswer> SignUpAsync(OutsideClient client, JsonObject form, CancellationToken cancellationToken)
    {
        var answer = await client.SendAsync(HttpMethod.Post, new Uri("/api/sign-up", UriKind.Relative), null, form, cancellationToken);
        if (Guid.TryParse((string?)answer.Json?["tenant"], out var founded)) await canaries.MarkAsync(new TenantId(founded), cancellationToken);
        return answer;
    }

    /// <summary>A form that nobody sent before, complete.</summary>
    private static JsonObject Stranger()
    {
        var name = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        return new JsonObject
        {
            ["code"] = "probe-" + name, ["legalName"] = "Vouchsafe probe " + name, ["registrationNumber"] = "PROBE" + name, ["address"] = "Proovi 1, Tallinn", ["country"] = "EE",
            ["email"] = $"probe-{name}@vouchsafe.example", ["password"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(24)),
        };
    }
}
