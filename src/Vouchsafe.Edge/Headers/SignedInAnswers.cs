using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Edge.Probing;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Canaries;

namespace Vouchsafe.Edge.Headers;

/// <summary>Asks as the canary tenant's administrator, and looks whether a cache may keep the answer.</summary>
/// <remarks>
/// One endpoint each time, and a few others of those that can be read drawn by lot: asking all of them each minute would fill the canary's trail.
/// Endpoints whose route has parameters are not asked.
/// </remarks>
internal sealed class SignedInAnswers(IServiceProvider services)
{
    private const string Always = EveryKindOfAnswer.ApiPath;
    private const int ByLot = 3;

    public async IAsyncEnumerable<(string What, int Status, string? Fault)> LookAsync(CheckTarget target, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (services.GetService<ICanaryTenants>() is not { } tenants || services.GetService<ICanaryCallers>() is not { } callers || services.GetService<EndpointCatalogue>() is not { } catalogue)
            yield break;
        var token = await callers.TokenAsync(await tenants.LastingAsync(cancellationToken), Roles.Admin, cancellationToken);
        string[] readable = [.. catalogue.All.Where(entry => entry is { Method: "GET", Permissions.Count: > 0 } && !entry.Route.Contains('{', StringComparison.Ordinal) && entry.Route != Always).Select(entry => entry.Route)];
        var outsider = Outsider.Stranger(target);
        foreach (var node in outsider.Nodes)
        {
            using var client = outsider.Client();
            RandomNumberGenerator.Shuffle<string>(readable);
            foreach (var path in readable.Take(ByLot).Prepend(Always))
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node, path)) { Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy };
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                yield return ($"GET {path} signed in", (int)response.StatusCode, Fault(response));
            }
        }
    }

    internal static string? Fault(HttpResponseMessage response) =>
        response.Headers.CacheControl is { NoStore: true } ? null : $"may be kept by a cache ({response.Headers.CacheControl?.ToString() ?? "no Cache-Control"})";
}
