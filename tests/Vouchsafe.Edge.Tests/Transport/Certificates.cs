using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Vouchsafe.Edge.Transport;
using Vouchsafe.Testing.Time;
using Xunit;

namespace Vouchsafe.Edge.Tests.Transport;

public sealed class Certificates : IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "vouchsafe-certificates-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)));
    private readonly FakeTimeProvider time = new();

    public void Dispose()
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_self_made_one_is_for_this_machine_alone_and_its_key_for_nobody_else()
    {
        var file = DevelopmentCertificate.Ensure(folder, time);
        using var certificate = X509Certificate2.CreateFromPemFile(file);
        foreach (var name in new[] { "localhost", "127.0.0.1", "::1" }) Assert.True(certificate.MatchesHostname(name), name);
        Assert.False(certificate.MatchesHostname("example.eu"));
        Assert.True(certificate.HasPrivateKey);
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
    }

    [Fact]
    public void It_is_kept_while_it_is_fresh_and_renewed_before_it_ends()
    {
        var first = File.ReadAllText(DevelopmentCertificate.Ensure(folder, time));
        time.Advance(TimeSpan.FromDays(59));
        Assert.Equal(first, File.ReadAllText(DevelopmentCertificate.Ensure(folder, time)));
        time.Advance(TimeSpan.FromDays(2));
        var second = DevelopmentCertificate.Ensure(folder, time);
        Assert.NotEqual(first, File.ReadAllText(second));
        Assert.True(DevelopmentCertificate.IsFresh(second, time.GetUtcNow()));
    }

    [Fact]
    public void Half_a_file_is_made_anew()
    {
        var file = DevelopmentCertificate.Ensure(folder, time);
        File.WriteAllText(file, File.ReadAllText(file)[..200]);
        using var certificate = X509Certificate2.CreateFromPemFile(DevelopmentCertificate.Ensure(folder, time));
        Assert.True(certificate.HasPrivateKey);
    }

    [Fact]
    public void A_new_certificate_is_taken_up_and_a_broken_one_is_not()
    {
        var file = DevelopmentCertificate.Ensure(folder, time);
        var served = new ServerCertificate(new CertificateSource(file, null, null), time, NullLogger<ServerCertificate>.Instance);
        var first = served.Current().TargetCertificate.Thumbprint;

        File.WriteAllText(file, "no certificate");
        File.SetLastWriteTimeUtc(file, time.GetUtcNow().UtcDateTime.AddMinutes(1));
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(first, served.Current().TargetCertificate.Thumbprint);

        DevelopmentCertificate.Ensure(folder, time);
        File.SetLastWriteTimeUtc(file, time.GetUtcNow().UtcDateTime.AddMinutes(2));
        Assert.Equal(first, served.Current().TargetCertificate.Thumbprint);
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.NotEqual(first, served.Current().TargetCertificate.Thumbprint);
    }

    [Fact]
    public void A_key_in_its_own_file_and_a_PFX_are_read()
    {
        var pem = File.ReadAllText(DevelopmentCertificate.Ensure(folder, time));
        var split = pem.IndexOf("-----BEGIN PRIVATE KEY-----", StringComparison.Ordinal);
        var (certificate, key, pfx) = (Path.Combine(folder, "c.pem"), Path.Combine(folder, "k.pem"), Path.Combine(folder, "c.pfx"));
        File.WriteAllText(certificate, pem[..split]);
        File.WriteAllText(key, pem[split..]);
        using var whole = X509Certificate2.CreateFromPem(pem, pem);
        File.WriteAllBytes(pfx, whole.Export(X509ContentType.Pfx));
        Assert.Equal(whole.Thumbprint, new CertificateSource(certificate, key, null).Load().TargetCertificate.Thumbprint);
        Assert.Equal(whole.Thumbprint, new CertificateSource(pfx, null, null).Load().TargetCertificate.Thumbprint);
    }

    [Fact]
    public void Without_a_certificate_nothing_starts()
    {
        var nowhere = new ServerCertificate(new CertificateSource(Path.Combine(folder, "none.pem"), null, null), time, NullLogger<ServerCertificate>.Instance);
        Assert.Throws<CertificateException>(() => nowhere.Current());
        Assert.Throws<CertificateException>(() => CertificateSource.From(new ConfigurationBuilder().Build()));
    }

    [Theory]
    [InlineData("Kestrel:Endpoints:Other:Url", "https://*:9443"), InlineData("Kestrel:EndpointDefaults:Protocols", "Http1")]
    [InlineData("preferHostingUrls", "true"), InlineData("ForwardedHeaders_Enabled", "true"), InlineData("ForwardedHeaders_Enabled", "1")]
    [InlineData("Vouchsafe:Edge:PublicOrigin", "http://example.eu"), InlineData("Vouchsafe:Edge:PublicOrigin", "https://example.eu/path")]
    [InlineData("Vouchsafe:Edge:HttpsPort", "70000"), InlineData("Vouchsafe:Edge:Address", "here")]
    public void A_setting_that_opens_a_door_beside_the_edge_stops_the_start(string key, string value) =>
        Assert.Throws<InvalidOperationException>(() => EdgeAddresses.From(new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build()));
}
