using System.Net;
using Vouchsafe.Claims.Checks;

namespace Vouchsafe.Cli.Verifying;

/// <summary>A running instance, read as anybody may read it.</summary>
internal sealed class Instance : IDisposable
{
    private const int LongestDocument = 4 << 20;
    private readonly TimeSpan patience;
    private readonly HttpClient client;
    private readonly Uri address;

    /// <param name="patience">The longest that a whole document may take.</param>
    public Instance(CheckTarget target, TimeSpan patience)
    {
        (address, this.patience) = (target.Https, patience);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        if (target.AcceptAnyCertificate) handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        client = new HttpClient(handler) { Timeout = patience, MaxResponseContentBufferSize = LongestDocument };
    }

    /// <summary>A document of the instance, as it came.</summary>
    /// <param name="path">Below the instance's own origin; anything else is refused.</param>
    /// <exception cref="VerifyException">It can't be had.</exception>
    public async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!path.StartsWith('/') || path.StartsWith("//", StringComparison.Ordinal) || !Uri.TryCreate(address, path, out var uri))
            throw new VerifyException($"{path} is not a path of {address}.");
        try
        {
            using var response = await client.GetAsync(uri, cancellationToken);
            return response.StatusCode == HttpStatusCode.OK
                ? await response.Content.ReadAsByteArrayAsync(cancellationToken)
                : throw new VerifyException($"{uri} was answered {(int)response.StatusCode}.");
        }
        catch (HttpRequestException unreachable)
        {
            throw new VerifyException($"{uri} can't be read: {unreachable.InnerException?.Message ?? unreachable.Message}");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new VerifyException($"{uri} didn't answer within {patience.TotalSeconds:0.#} s.");
        }
    }

    public void Dispose() => client.Dispose();
}

/// <summary>Nothing can be verified, for a reason that the person at the keyboard can act on.</summary>
internal sealed class VerifyException(string message) : Exception(message);
