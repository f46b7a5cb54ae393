using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Vouchsafe.Edge.Transport;

/// <summary>The certificate that is served now. Its files are looked at again every few seconds; a new one is taken up, a broken one isn't.</summary>
internal sealed partial class ServerCertificate(CertificateSource source, TimeProvider time, ILogger<ServerCertificate> log)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);
    private readonly Lock gate = new();
    private SslStreamCertificateContext? current;
    private DateTime stamp;
    private long lookedAt;

    /// <exception cref="CertificateException">There has never been a certificate that can be served.</exception>
    public SslStreamCertificateContext Current()
    {
        if (current is { } served && time.GetElapsedTime(Volatile.Read(ref lookedAt)) < LookAgain)
            return served;
        lock (gate)
        {
            if (current is not null && time.GetElapsedTime(lookedAt) < LookAgain)
                return current;
            Look();
            Volatile.Write(ref lookedAt, time.GetTimestamp());
            return current!;
        }
    }

    private void Look()
    {
        try
        {
            source.Prepare(time);
            var changed = source.ChangedAt();
            if (current is not null && changed == stamp)
                return;
            current = source.Load();
            stamp = changed;
        }
        catch (Exception broken) when (broken is IOException or CryptographicException or UnauthorizedAccessException or ArgumentException)
        {
            if (current is null)
                throw new CertificateException($"The certificate {source.File} can't be served: {broken.Message}", broken);
            NotTakenUp(broken, source.File);
        }
    }

    [LoggerMessage(4001, LogLevel.Error, "The certificate {File} can't be read. The previous one stays in use")]
    private partial void NotTakenUp(Exception problem, string file);
}

/// <summary>The server has no certificate that it could serve.</summary>
public sealed class CertificateException(string message, Exception? inner = null) : Exception(message, inner);
