using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Vouchsafe.Acceptance.Outages;

/// <summary>People and programs who go on asking whatever happens, each from an address of its own: pages, the API, a stream, sign-in, sign-up.</summary>
internal sealed class Load : IAsyncDisposable
{
    /// <summary>Who takes part in one go: few enough that two cores have time for the server.</summary>
    private const int Workers = 6;

    private readonly Uri _origin;
    private readonly Func<HttpRequestMessage>[] _kinds;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _working;
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Load(Uri origin, string token, params Func<HttpRequestMessage>[] more)
    {
        _origin = origin;
        _kinds =
        [
            () => Signed("/api/me"), () => Signed("/account", page: true), () => Signed("/audit/export.json"), () => Signed("/members", page: true),
            () => Signed("/audit/log/checkpoint"), () => Signed("/api/tenant"),
            () => Page("/trust"), () => Page("/"), () => Page("/sign-in"), () => new(HttpMethod.Get, "/trust.json"), () => new(HttpMethod.Get, "/healthz/ready"),
            () => new(HttpMethod.Post, "/api/auth/sign-in") { Content = Json("""{"email":"nobody@nowhere.example","password":"wrong horse battery"}""") },
            () => Form("/sign-in", "email=nobody%40nowhere.example&password=wrong+horse+battery"),
            () => Form("/sign-up", "code=x"),
            () => new(HttpMethod.Post, "/api/setup") { Content = Json("""{"code":"x","email":"nobody@nowhere.example","password":"wrong horse battery"}""") },
            .. more,
        ];
        _working = Task.WhenAll(Enumerable.Range(0, Workers).Select(WorkAsync));

        HttpRequestMessage Signed(string path, bool page = false)
        {
            var request = page ? Page(path) : new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return request;
        }
    }

    /// <summary>What was answered: which request, with which status (0: the connection ended first), and what was wrong with the answer itself.</summary>
    public ConcurrentQueue<(string What, int Status, string? Fault)> Answers { get; } = new();

    /// <summary>Waits until the answers since now satisfy a condition.</summary>
    public async Task UntilAsync(Func<IReadOnlyList<(string What, int Status, string? Fault)>, bool> satisfied, CancellationToken cancellationToken)
    {
        var before = Answers.Count;
        while (!satisfied([.. Answers.Skip(before)]))
            await Volatile.Read(ref _next).Task.WaitAsync(cancellationToken);
    }

    /// <summary>How many kinds of requests there are.</summary>
    public int Kinds => _kinds.Length;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _working;
        _stop.Dispose();
    }

    public static HttpRequestMessage Page(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html");
        return request;
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static HttpRequestMessage Form(string path, string fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(fields, Encoding.UTF8, "application/x-www-form-urlencoded") };
        request.Headers.Accept.ParseAdd("text/html");
        return request;
    }

    private async Task WorkAsync(int worker)
    {
        for (var n = worker; !_stop.IsCancellationRequested; n++)
        {
            using var client = Stranger();
            using var request = _kinds[n % _kinds.Length]();
            Answers.Enqueue(await AskAsync(client, request));
            Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }
    }

    private static async Task<(string, int, string?)> AskAsync(HttpClient client, HttpRequestMessage request)
    {
        var what = $"{request.Method} {request.RequestUri}";
        try
        {
            using var response = await client.SendAsync(request);
            return (what, (int)response.StatusCode, Fault(response));
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException or OperationCanceledException)
        {
            // An answer that had begun was broken off, which is how a client learns that it isn't whole.
            return (what, 0, null);
        }
    }

    private static string? Fault(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.ServiceUnavailable || response.RequestMessage!.RequestUri!.AbsolutePath.StartsWith("/healthz", StringComparison.Ordinal))
            return null;
        var page = response.RequestMessage.Headers.Accept.Count > 0;
        if (response.Content.Headers.ContentType?.MediaType != (page ? "text/html" : "application/problem+json"))
            return $"is {response.Content.Headers.ContentType}";
        if (response.Headers.RetryAfter is null)
            return "has no Retry-After";
        return response.Headers.CacheControl?.NoStore == true ? null : "may be cached";
    }

    private HttpClient Stranger()
    {
        var source = new IPAddress([127, .. RandomNumberGenerator.GetBytes(2), (byte)RandomNumberGenerator.GetInt32(2, 255)]);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } };
        handler.ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(source, 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        };
        return new HttpClient(handler) { BaseAddress = _origin, Timeout = TimeSpan.FromSeconds(30) };
    }
}
