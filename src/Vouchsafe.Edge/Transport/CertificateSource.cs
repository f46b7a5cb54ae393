using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;

namespace Vouchsafe.Edge.Transport;

/// <summary>Where the certificate lies: a PEM chain with its key, a PFX file, or a folder for a self-made one.</summary>
/// <param name="KeyFile">PEM key; null where it stands in <see cref="File"/>.</param>
/// <param name="DevelopmentFolder">Set where the certificate is self-made.</param>
internal sealed record CertificateSource(string File, string? KeyFile, string? DevelopmentFolder)
{
    /// <exception cref="CertificateException">Neither a file nor a folder is configured.</exception>
    public static CertificateSource From(IConfiguration configuration)
    {
        var edge = configuration.GetSection("Vouchsafe:Edge");
        if (edge["CertificateFile"] is { Length: > 0 } file)
            return new(Path.GetFullPath(file), edge["CertificateKeyFile"] is { Length: > 0 } key ? Path.GetFullPath(key) : null, null);
        if (edge["CertificateFolder"] is { Length: > 0 } folder)
            return new(Path.Combine(Path.GetFullPath(folder), DevelopmentCertificate.FileName), null, Path.GetFullPath(folder));
        throw new CertificateException("Set Vouchsafe:Edge:CertificateFile, or for development Vouchsafe:Edge:CertificateFolder.");
    }

    public void Prepare(TimeProvider time)
    {
        if (DevelopmentFolder is not null)
            DevelopmentCertificate.Ensure(DevelopmentFolder, time);
    }

    /// <summary>Changes when one of the files does.</summary>
    public DateTime ChangedAt()
    {
        var certificate = System.IO.File.GetLastWriteTimeUtc(File);
        var key = KeyFile is null ? certificate : System.IO.File.GetLastWriteTimeUtc(KeyFile);
        return certificate > key ? certificate : key;
    }

    public SslStreamCertificateContext Load()
    {
        var chain = new X509Certificate2Collection();
        if (Path.GetExtension(File).ToLowerInvariant() is ".pfx" or ".p12")
        {
            chain = X509CertificateLoader.LoadPkcs12CollectionFromFile(File, password: null);
            var leaf = chain.FirstOrDefault(certificate => certificate.HasPrivateKey)
                ?? throw new CryptographicException("there is no private key in the file");
            chain.Remove(leaf);
            return SslStreamCertificateContext.Create(leaf, chain, offline: true);
        }
        chain.ImportFromPemFile(File);
        var server = X509Certificate2.CreateFromPemFile(File, KeyFile);
        return SslStreamCertificateContext.Create(server, [.. chain.Skip(1)], offline: true);
    }
}
