using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Vouchsafe.Mail.Smtp;

/// <summary>Which server is the right one: its certificate is valid now, leads to a trusted root and carries the configured name.</summary>
internal sealed class ServerTrust
{
    private SslPolicyErrors _errors;

    /// <exception cref="MailDeliveryException">The file with trusted certificates can't be read.</exception>
    public ServerTrust(SmtpOptions options)
    {
        Options = new SslClientAuthenticationOptions
        {
            TargetHost = options.Host,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            // Says why, and never yes where the framework said no.
            RemoteCertificateValidationCallback = (_, _, _, errors) => (_errors = errors) == SslPolicyErrors.None,
        };
        if (options.CaFile is null)
            return;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(Load(options.CaFile));
        // RFC 5280, section 4.2.1.12: a certificate for servers, not any that the authority issued.
        policy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        Options.CertificateChainPolicy = policy;
    }

    public SslClientAuthenticationOptions Options { get; }

    /// <summary>Why the handshake failed, as a code.</summary>
    public string Fault => _errors switch
    {
        _ when _errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) => "tls-name",
        SslPolicyErrors.None => "tls-handshake",
        _ => "tls-untrusted",
    };

    private static X509Certificate2Collection Load(string file)
    {
        try
        {
            var trusted = new X509Certificate2Collection();
            trusted.ImportFromPemFile(file);
            return trusted.Count > 0 ? trusted : throw new MailDeliveryException(MailFault.Configuration, "ca-file");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new MailDeliveryException(MailFault.Configuration, "ca-file", unreadable);
        }
    }
}
