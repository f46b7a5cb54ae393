using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using Vouchsafe.Claims.Checks;

namespace Vouchsafe.Identity.Checks;

/// <summary>Sends requests with a bearer token to the running application, over the network.</summary>
internal sealed class TokenBearer : IDisposable
{
    private readonly HttpClient client;

    public TokenBearer(CheckTarget target)
    {
        // From another loopback address where the target is this machine, so that nobody's budget of requests is used up.
        var source = target.Https.IsLoopback ? new IPAddress([127, .. RandomNumberGenerator.GetBytes(2), (byte)RandomNumberGenerator.GetInt32(2, 255)]) : null;
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        if (target.AcceptAnyCertificate)
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        if (source is not null)
            handler.ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    socket.Bind(new IPEndPoint(source, 0));
                    await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            };
        client = new HttpClient(handler) { BaseAddress = target.Https, Timeout = TimeSpan.FromSeconds(10) };
    }

    public async Task<HttpStatusCode> AskAsync(HttpMethod method, string path, string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.StatusCode;
    }

    public void Dispose() => client.Dispose();
}
