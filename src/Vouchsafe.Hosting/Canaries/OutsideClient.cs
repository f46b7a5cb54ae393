using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;

namespace Vouchsafe.Hosting.Canaries;

/// <summary>Sends a check's requests to the running application over the network, as any client does: no cookies, no redirects followed.</summary>
/// <remarks>
/// Where the target is this machine the requests come from a random loopback address, so that nobody's budget of requests is used up
/// (decision 0043); elsewhere they come from the check's own.
/// </remarks>
public sealed class OutsideClient : IDisposable
{
    private const int LongestAnswer = 1024 * 1024;

    private readonly HttpClient client;

    public OutsideClient(CheckTarget target)
    {
        Target = target;
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        if (target.AcceptAnyCertificate)
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        if (target.Https.IsLoopback)
        {
            var source = new IPAddress([127, .. RandomNumberGenerator.GetBytes(2), (byte)RandomNumberGenerator.GetInt32(2, 255)]);
            handler.ConnectCallback = (context, cancellationToken) => ConnectAsync(source, context.DnsEndPoint.Port, cancellationToken);
        }
        client = new HttpClient(handler) { BaseAddress = target.Https, Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = LongestAnswer };
    }

    public CheckTarget Target { get; }

    /// <summary>Every node of the instance, at least the one that is asked by default.</summary>
    public IReadOnlyList<Uri> Nodes => Target.Nodes.Count > 0 ? Target.Nodes : [Target.Https];

    /// <summary>The status alone; the body isn't read.</summary>
    public async Task<HttpStatusCode> AskAsync(HttpMethod method, string path, string? token, CancellationToken cancellationToken)
    {
        using var request = Request(method, new Uri(path, UriKind.Relative), token);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.StatusCode;
    }

    /// <summary>An answer whose body is read as it comes; to be disposed by the caller.</summary>
    public async Task<HttpResponseMessage> OpenAsync(Uri uri, string? token, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Get, uri, token);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>The status alone, of a request with a header of its own.</summary>
    public async Task<HttpStatusCode> AskAsync(HttpMethod method, Uri uri, string? token, string header, string value, CancellationToken cancellationToken)
    {
        using var request = Request(method, uri, token);
        request.Headers.Add(header, value);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.StatusCode;
    }

    /// <param name="uri">Relative to the target, or absolute where a certain node is meant.</param>
    /// <param name="body">Sent as JSON; null: no body.</param>
    public async Task<OutsideAnswer> SendAsync(HttpMethod method, Uri uri, string? token, JsonObject? body, CancellationToken cancellationToken)
    {
        using var request = Request(method, uri, token);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        return await ReadAsync(request, cancellationToken);
    }

    /// <summary>Posts a form as this site's own pages do.</summary>
    public async Task<OutsideAnswer> PostFormAsync(Uri uri, string? token, IReadOnlyDictionary<string, string> fields, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Post, uri, token);
        request.Content = new FormUrlEncodedContent(fields);
        request.Headers.Add("Origin", Target.Https.GetLeftPart(UriPartial.Authority));
        return await ReadAsync(request, cancellationToken);
    }

    private async Task<OutsideAnswer> ReadAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await client.SendAsync(request, cancellationToken);
        var head = string.Join('\n', response.Headers.NonValidated.Where(header => header.Key != "Date").Select(header => $"{header.Key}: {header.Value}").Order(StringComparer.Ordinal));
        return new OutsideAnswer(response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(cancellationToken), head);
    }

    public void Dispose() => client.Dispose();

    private static HttpRequestMessage Request(HttpMethod method, Uri uri, string? token)
    {
        var request = new HttpRequestMessage(method, uri);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private static async ValueTask<Stream> ConnectAsync(IPAddress source, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(source, 0));
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>What the application answered.</summary>
/// <param name="MediaType">Of the body; null where it has none.</param>
/// <param name="Text">The body.</param>
/// <param name="Head">The headers in one order, without the date.</param>
public sealed record OutsideAnswer(HttpStatusCode Status, string? MediaType, string Text, string Head = "")
{
    /// <summary>The body as JSON; null where it isn't an object.</summary>
    public JsonObject? Json
    {
        get
        {
            try
            {
                return JsonNode.Parse(Text) as JsonObject;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    /// <summary>The kind of the problem, the last part of its type; null where the answer is none (RFC 9457).</summary>
    public string? Problem => MediaType == "application/problem+json" && Json?["type"] is JsonValue type && type.TryGetValue<string>(out var text) ? text.Split('/')[^1] : null;

    /// <summary>For a person: <c>402 trial-ended</c>.</summary>
    public override string ToString() => Problem is { } problem ? $"{(int)Status} {problem}" : $"{(int)Status}";
}
