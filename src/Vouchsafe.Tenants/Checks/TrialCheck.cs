using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Canaries;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Tenants.Canaries;
using Vouchsafe.Tenants.Contract;
using Vouchsafe.Tenants.Directory;
using Vouchsafe.Tenants.SigningUp;

namespace Vouchsafe.Tenants.Checks;

/// <summary>
/// Control <c>subscription.trial</c>, with requests over the network to every node: one form without a card leads to a tenant that writes until
/// the trial's last hour; in the first hour after it everything can be read and nothing written; and leaving starts the clocks of return and deletion.
/// </summary>
internal sealed class TrialCheck(CanaryTenants canaries, ICanaryCallers callers, ICanaryMailbox mailbox, EndpointCatalogue endpoints, RoleMatrix roles) : ICheck
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public string Control => TrialOptions.Control;

    public Vantage Vantage => Vantage.Inside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        var look = new Look(context, new JsonObject { ["length"] = context.Figures.Duration("length").ToString("c", CultureInfo.InvariantCulture) });
        using var client = new OutsideClient(context.Target);
        var wrong = await TryingAsync(client, look, cancellationToken)
            ?? await EndedAsync(client, look, cancellationToken)
            ?? await LeavingAsync(client, look, cancellationToken);
        return wrong is not null
            ? Finding.Broken(wrong, look.Seen)
            : Finding.Held(
                $"One form led to a tenant that writes; after {look.Length.TotalDays:0.##} days it can be read and {look.Seen["refused"]} kinds of writes are refused with 402; cancelling started both clocks.", look.Seen);
    }

    /// <summary>The form, the sign-in and a write, as a person would do them.</summary>
    private async Task<string?> TryingAsync(OutsideClient client, Look look, CancellationToken cancellationToken)
    {
        var form = canaries.FormJson(Canary.Trying);
        var email = (string)form["email"]!;
        await mailbox.ClearAsync(email, cancellationToken);
        var asked = await client.SendAsync(HttpMethod.Post, Path(SignUpEndpoints.Ask), null, form, cancellationToken);
        if (asked.Status != HttpStatusCode.Accepted)
            return $"A sign-up with all it asks for and no card is answered with {asked}.";
        if (await mailbox.OpenSignUpAsync(email, cancellationToken) is not { } link)
            return "A sign-up with all it asks for and no card sent no link.";
        var confirmation = new JsonObject { ["token"] = link, ["password"] = canaries.Password };
        var signedUp = await client.SendAsync(HttpMethod.Post, Path(SignUpEndpoints.Confirm), null, confirmation, cancellationToken);
        if (signedUp.Status != HttpStatusCode.Created || !Guid.TryParse((string?)signedUp.Json?["tenant"], out var id))
            return $"A sign-up that is confirmed from its mailbox is answered with {signedUp}.";
        await canaries.MarkAsync(new TenantId(id), cancellationToken);
        await canaries.RestartAsync(new TenantId(id), look.Now - look.Length + Hour, cancellationToken);

        var signIn = new JsonObject { ["email"] = email, ["password"] = canaries.Password, ["tenant"] = Canary.Trying.Code };
        var signedIn = await client.SendAsync(HttpMethod.Post, Path("/api/auth/sign-in"), null, signIn, cancellationToken);
        if ((string?)signedIn.Json?["accessToken"] is not { } token)
            return $"Whoever just signed up is answered with {signedIn} when signing in.";
        foreach (var node in client.Nodes)
        {
            var mark = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));
            if (await WriteAsync(client, node, token, Canary.Trying, mark, answer => answer.Status == HttpStatusCode.NoContent, look, cancellationToken) is { } refused)
                return $"In the last hour of its trial a tenant's write is answered with {refused} by {node.Authority}.";
            if (!(await ReadAsync(client, node, token, cancellationToken)).Contains(mark, StringComparison.Ordinal))
                return $"In the last hour of its trial a tenant's write was accepted and isn't there, by {node.Authority}.";
        }
        return null;
    }

    private async Task<string?> EndedAsync(OutsideClient client, Look look, CancellationToken cancellationToken)
    {
        var tenant = await canaries.FoundAsync(Canary.Ended, cancellationToken);
        await canaries.RestartAsync(tenant, look.Now - look.Length - Hour, cancellationToken);
        var token = await callers.TokenAsync(tenant, Roles.Admin, cancellationToken);
        var day = (int)look.Length.TotalDays + 1;
        foreach (var node in client.Nodes)
        {
            var mark = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));
            if (await WriteAsync(client, node, token, Canary.Ended, mark, IsTrialEnded, look, cancellationToken) is { } accepted)
                return $"On day {day} a tenant whose trial ended is answered with {accepted} when it writes; {node.Authority} must refuse with 402 trial-ended.";
            var read = await client.SendAsync(HttpMethod.Get, new Uri(node, "/api/tenant"), token, null, cancellationToken);
            if (read.Status != HttpStatusCode.OK || (string?)read.Json?["code"] != Canary.Ended.Code)
                return $"On day {day} a tenant whose trial ended can't read its own data: {node.Authority} answers {read}.";
            if (read.Text.Contains(mark, StringComparison.Ordinal))
                return $"On day {day} {node.Authority} refuses a write and carries it out.";
        }

        // One address of one node stands for the rest here: each endpoint that changes something, with an empty body.
        var refused = 0;
        foreach (var entry in endpoints.All.Where(entry => Writes(entry) && entry.Permissions.All(roles.Of(Roles.Admin).Contains)))
        {
            var answer = await client.SendAsync(new HttpMethod(entry.Method == "*" ? "POST" : entry.Method), Path(entry.Example), token, null, cancellationToken);
            if (!IsTrialEnded(answer))
                return $"On day {day} {entry} answers a tenant whose trial ended with {answer}; it must refuse with 402 trial-ended.";
            refused++;
        }
        look.Seen["refused"] = refused;
        return refused == 0 ? "No endpoint was found that a trial's end could close." : null;
    }

    private async Task<string?> LeavingAsync(OutsideClient client, Look look, CancellationToken cancellationToken)
    {
        var tenant = await canaries.FoundAsync(Canary.Leaving, cancellationToken);
        await canaries.RestartAsync(tenant, look.Now, cancellationToken);
        var token = await callers.TokenAsync(tenant, Roles.Admin, cancellationToken);
        await mailbox.ClearAsync(callers.Address(Roles.Admin), cancellationToken);
        var without = await client.SendAsync(HttpMethod.Post, Path("/api/subscription/cancel"), token, new JsonObject { ["password"] = "not the password" }, cancellationToken);
        if (without.Status != HttpStatusCode.Forbidden)
            return $"Cancelling with a wrong password is answered with {without}.";
        var left = await client.SendAsync(HttpMethod.Post, Path("/api/subscription/cancel"), token, new JsonObject { ["password"] = callers.Password }, cancellationToken);
        if (left.Status != HttpStatusCode.OK)
            return $"Cancelling is answered with {left}.";
        var now = await client.SendAsync(HttpMethod.Get, Path("/api/tenant"), token, null, cancellationToken);
        if (Moment(now, "cancelledAt") is not { } at || Moment(now, "returnUntil") is not { } until || Moment(now, "goneBy") is not { } gone)
            return "Cancelling started no clock by which data is returned and deleted.";
        var deletion = look.Posture.Figures("offboarding.deletion");
        if (until - at != deletion.Duration("export-for") || gone - until != deletion.Duration("backups-within"))
            return $"After cancelling data can be taken away until {until:u} and is gone by {gone:u}; promised are {deletion.Duration("export-for").TotalDays} and {deletion.Duration("backups-within").TotalDays} days.";
        return await WriteAsync(client, client.Target.Https, token, Canary.Leaving, "gone", answer => answer is { Status: HttpStatusCode.Forbidden, Problem: "subscription-cancelled" }, look, cancellationToken) is { } accepted
            ? $"A tenant that cancelled is answered with {accepted} when it writes." : null;
    }

    /// <summary>Writes the company's address. An answer that isn't the right one is asked for again once every node has read the tenant anew.</summary>
    /// <returns>The wrong answer; null where it was right.</returns>
    private async Task<OutsideAnswer?> WriteAsync(
        OutsideClient client, Uri node, string token, Canary canary, string mark, Func<OutsideAnswer, bool> right, Look look, CancellationToken cancellationToken)
    {
        var form = canaries.Form(canary);
        for (var attempt = 1; ; attempt++)
        {
            var body = new JsonObject
            {
                ["legalName"] = form.LegalName, ["registrationNumber"] = form.RegistrationNumber, ["address"] = $"Kanaarilinnu 1 ({mark}), 10111 Tallinn", ["country"] = form.Country,
            };
            var answer = await client.SendAsync(HttpMethod.Put, new Uri(node, ContractEndpoints.Company), token, body, cancellationToken);
            if (right(answer)) return null;
            if (attempt == 2) return answer;
            await Task.Delay(TenantStore.TrustedFor * 1.5, look.Time, cancellationToken);
        }
    }

    private static async Task<string> ReadAsync(OutsideClient client, Uri node, string token, CancellationToken cancellationToken) =>
        (await client.SendAsync(HttpMethod.Get, new Uri(node, "/api/tenant"), token, null, cancellationToken)).Text;

    private static bool Writes(EndpointEntry entry) =>
        entry is { Permissions.Count: > 0, WhyOpenWhenReadOnly: null } && entry.Method is not ("GET" or "HEAD" or "OPTIONS");

    private static bool IsTrialEnded(OutsideAnswer answer) => answer is { Status: HttpStatusCode.PaymentRequired, Problem: "trial-ended" };

    private static DateTimeOffset? Moment(OutsideAnswer answer, string name) =>
        (string?)answer.Json?[name] is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var moment) ? moment : null;

    private static Uri Path(string path) => new(path, UriKind.Relative);

    /// <summary>One run of the check.</summary>
    private sealed record Look(CheckContext Context, JsonObject Seen)
    {
        public TimeSpan Length { get; } = Context.Figures.Duration("length");

        public DateTimeOffset Now { get; } = Context.Time.GetUtcNow();

        public TimeProvider Time => Context.Time;

        public Claims.Postures.Posture Posture => Context.Posture;
    }
}
