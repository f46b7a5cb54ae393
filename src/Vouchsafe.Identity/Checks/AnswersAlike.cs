using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Canaries;
using Vouchsafe.Identity.Links;

namespace Vouchsafe.Identity.Checks;

/// <summary>
/// Asks for a reset and a sign-up with an address that has an account and with one that has none, over the network:
/// status, headers, body and time tell nothing.
/// </summary>
internal sealed class AnswersAlike(IdentityCanary canary, ICanaryMailbox mailbox, TimeProvider time)
{
    private const int Samples = 5;

    private static readonly string[] Paths = ["/api/account/reset", "/api/sign-up"];

    /// <param name="bound">What the shortest times may differ by at most.</param>
    /// <returns>What tells the two apart; null where nothing does.</returns>
    public async Task<string?> LookAsync(CheckTarget target, TimeSpan bound, CancellationToken cancellationToken)
    {
        foreach (var path in Paths)
        {
            var (known, unknown) = (new List<TimeSpan>(), new List<TimeSpan>());
            for (var sample = 0; sample < Samples; sample++)
            {
                var there = await AskAsync(target, path, canary.Address(Roles.User), known, cancellationToken);
                var nowhere = await AskAsync(target, path, Nobody(), unknown, cancellationToken);
                if (there.Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests || nowhere.Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests)
                    return null;
                if ((there.Status, there.Text, there.Head) != (nowhere.Status, nowhere.Text, nowhere.Head))
                    return $"{path} answers {there} to an address with an account and {nowhere} to one without: the answer tells which it is";
            }
            // The fastest of each: a busy machine makes some slower, and none faster than its work.
            if ((known.Min() - unknown.Min()).Duration() > bound)
                return $"{path} takes {known.Min().TotalMilliseconds:F0} ms for an address with an account and {unknown.Min().TotalMilliseconds:F0} ms for one without: its timing tells which it is";
        }
        await mailbox.ClearAsync(canary.Address(Roles.User), cancellationToken);
        return null;
    }

    private async Task<OutsideAnswer> AskAsync(CheckTarget target, string path, string email, List<TimeSpan> times, CancellationToken cancellationToken)
    {
        using var client = new OutsideClient(target);
        var body = new JsonObject { ["email"] = email };
        if (path == Paths[1])
            foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[("code", "canary-alike"), ("legalName", "Canary"), ("registrationNumber", "10000001"), ("address", "Nowhere 1"), ("country", "EE")])
                body[name] = value;
        // The handshake is done before the clock starts.
        await client.AskAsync(HttpMethod.Get, "/healthz/live", null, cancellationToken);
        var began = time.GetTimestamp();
        var answer = await client.SendAsync(HttpMethod.Post, new Uri(path, UriKind.Relative), null, body, cancellationToken);
        times.Add(time.GetElapsedTime(began));
        return answer;
    }

    private static string Nobody() => $"canary-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}{AccountMail.CanaryDomain}";
}
