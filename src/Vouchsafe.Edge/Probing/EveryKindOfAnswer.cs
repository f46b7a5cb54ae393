using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Edge.Bounds;
using Vouchsafe.Hosting.Accounts;

namespace Vouchsafe.Edge.Probing;

/// <summary>Draws out of a node one answer of every kind that can be had from outside: pages, API, files, refusals, HTTP/2, and what the server says to garbage.</summary>
internal static partial class EveryKindOfAnswer
{
    private static readonly string[] Paths = ["/", "/trust", "/trust.json", "/sign-in", "/healthz/live", "/openapi/v1.json", "/api/me"];

    public static async IAsyncEnumerable<RawAnswer> OverTlsAsync(CheckTarget target, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var outsider = Outsider.Stranger(target);
        foreach (var node in outsider.Nodes)
        {
            await foreach (var seen in OverHttpAsync(outsider, node, cancellationToken)) yield return seen;
            foreach (var (what, request) in Garbage(node))
                yield return await RawAnswer.OfRawAsync(what, outsider, node, request, cancellationToken);
        }
        if (outsider.Source is not null)
            yield return await TooManyAsync(outsider, cancellationToken);
    }

    private static async IAsyncEnumerable<RawAnswer> OverHttpAsync(Outsider outsider, Uri node, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var client = outsider.Client();
        string? asset = null;
        foreach (var path in Paths)
        {
            var seen = await AskAsync(client, HttpMethod.Get, node, path, cancellationToken);
            asset ??= Asset().Match(seen.Body) is { Success: true } found ? found.Groups["path"].Value : null;
            yield return seen;
        }
        foreach (var path in LinkPaths)
            yield return await AskAsync(client, HttpMethod.Get, node, path, cancellationToken) with { HasToken = true };
        if (asset is not null) yield return await AskAsync(client, HttpMethod.Get, node, asset, cancellationToken);
        var nothing = "/" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        yield return await AskAsync(client, HttpMethod.Get, node, nothing, cancellationToken);
        yield return await AskAsync(client, HttpMethod.Head, node, nothing, cancellationToken);
        yield return await AskAsync(client, HttpMethod.Delete, node, SignInPath, cancellationToken);
        yield return await AskAsync(client, HttpMethod.Options, node, "/", cancellationToken);
        using var second = outsider.Client(HttpVersion.Version20);
        yield return await AskAsync(second, HttpMethod.Get, node, "/", cancellationToken);
        yield return await AskAsync(second, HttpMethod.Get, node, nothing, cancellationToken);
    }

    /// <summary>Pages that mails lead to, and one that there isn't, with a token that opens nothing.</summary>
    internal static IReadOnlyList<string> LinkPaths { get; } =
        [.. LinkAddress.Pages.Append("/nothing").Select(page => $"{page}?{LinkAddress.Parameter}={new string('A', 43)}")];

    internal const string SignInPath = "/api/auth/sign-in";
    internal const string SetupPath = "/api/setup";
    internal const string ApiPath = "/api/me";

    /// <summary>Requests that never reach a handler: the server or the edge refuses them first.</summary>
    internal static IEnumerable<(string What, string Request)> Garbage(Uri node) =>
    [
        ("no request line", "GARBAGE\r\n\r\n"),
        ("no Host", "GET / HTTP/1.1\r\n\r\n"),
        ("a Host that is none", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
        ("a foreign Host", "GET / HTTP/1.1\r\nHost: elsewhere.invalid\r\nConnection: close\r\n\r\n"),
        ("an oversized header", $"GET / HTTP/1.1\r\nHost: {node.Authority}\r\nX-Filler: {new string('a', RequestBounds.Headers + 1)}\r\n\r\n"),
        ("an oversized request line", $"GET /{new string('a', RequestBounds.RequestLine)} HTTP/1.1\r\nHost: {node.Authority}\r\n\r\n"),
        ("a version that is none", $"GET / HTTP/9.9\r\nHost: {node.Authority}\r\n\r\n"),
        ("a length below zero", $"POST / HTTP/1.1\r\nHost: {node.Authority}\r\nContent-Length: -1\r\n\r\n"),
    ];

    /// <summary>Asks until refused. Only ever from an address that is nobody's.</summary>
    private static async Task<RawAnswer> TooManyAsync(Outsider outsider, CancellationToken cancellationToken)
    {
        const int Most = 2_000;
        using var client = outsider.Client();
        RawAnswer seen;
        var asked = 0;
        do seen = await AskAsync(client, HttpMethod.Post, outsider.Nodes[0], SignInPath, cancellationToken);
        while (seen.Status is not 429 and < 500 && ++asked < Most);
        return seen with { What = $"POST {SignInPath} beyond its limit" };
    }

    public static async Task<RawAnswer> AskAsync(HttpClient client, HttpMethod method, Uri node, string path, CancellationToken cancellationToken, string? forwardedFor = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(node, path)) { Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy };
        if (method == HttpMethod.Post) request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        if (forwardedFor is not null) request.Headers.Add("X-Forwarded-For", forwardedFor);
        using var response = await client.SendAsync(request, cancellationToken);
        var protocol = response.Version.Major == 2 ? " over HTTP/2" : "";
        return await RawAnswer.OfAsync($"{method} {path}{protocol}", response, cancellationToken);
    }

    /// <summary>A style sheet or script that a page names.</summary>
    [GeneratedRegex("""(?:href|src)="(?<path>/[^"?#]+\.(?:css|js))[^"]*"[^>]*>""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 500)]
    private static partial Regex Asset();
}
