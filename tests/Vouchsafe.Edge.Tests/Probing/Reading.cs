using System.Net.Security;
using FsCheck;
using FsCheck.Fluent;
using Vouchsafe.Edge.Headers;
using Vouchsafe.Edge.Probing;
using Vouchsafe.Edge.Transport;
using Xunit;

namespace Vouchsafe.Edge.Tests.Probing;

/// <summary>What a hostile or broken server sends must not break who looks at it.</summary>
public sealed class Reading
{
    [Fact]
    public void Any_bytes_are_a_server_hello_or_none() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), Gen.Choose(0, 80).ToArbitrary(), (bytes, length) =>
    {
        ServerHello.TryParse(bytes, out _);
        // And with a head that is right.
        ServerHello.TryParse([2, 0, 0, (byte)length, .. bytes], out var answer);
        return answer is not null;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_is_an_answer_or_none() => Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
    {
        var seen = RawAnswer.Parse("x", text ?? "");
        var status = RawAnswer.Parse("x", "HTTP/1.1 " + text).Status;
        return seen.Headers is not null && status >= 0;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_hello_names_its_length_and_its_versions()
    {
        var hello = ClientHello.Write("localhost", [ClientHello.Tls12, ClientHello.Tls13], [TlsCipherSuite.TLS_AES_128_GCM_SHA256]);
        Assert.Equal(hello.Length - 5, hello[3] << 8 | hello[4]);
        Assert.Equal(hello.Length - 9, hello[7] << 8 | hello[8]);
        Assert.Equal([0x03, 0x03], hello[9..11]);
        Assert.True(hello.AsSpan().IndexOf((byte[])[0x00, 0x2b, 0x00, 0x05, 0x04, 0x03, 0x04, 0x03, 0x03]) > 0);
        Assert.True(hello.AsSpan().IndexOf("localhost"u8) > 0);
        Assert.True(ClientHello.Write("127.0.0.1", [ClientHello.Tls12], [TlsCipherSuite.TLS_AES_128_GCM_SHA256]).AsSpan().IndexOf("127.0.0.1"u8) < 0);
    }

    [Theory]
    [InlineData("max-age=31536000; includeSubDomains; preload", null)]
    [InlineData("max-age=63072000;includesubdomains;PRELOAD", null)]
    [InlineData("max-age=31535999; includeSubDomains; preload", "less than")]
    [InlineData("max-age=31536000; preload", "includeSubDomains")]
    [InlineData("max-age=31536000; includeSubDomains", "preload")]
    [InlineData("includeSubDomains; preload", "max-age")]
    [InlineData("max-age=-1; includeSubDomains; preload", "max-age")]
    public void Strict_transport_is_read_as_a_browser_would(string header, string? fault)
    {
        var seen = RawAnswer.Parse("GET /", $"HTTP/1.1 200 OK\r\nStrict-Transport-Security: {header}\r\n\r\n");
        var found = HstsCheck.Fault(seen, new HstsOptions(TimeSpan.FromDays(365), IncludeSubdomains: true, Preload: true));
        if (fault is null) Assert.Null(found);
        else Assert.Contains(fault, found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_that_is_missing_doubled_or_changed_is_a_fault()
    {
        (string, string)[] promised = [("X-Frame-Options", "DENY")];
        Assert.Null(HeadersCheck.Fault(RawAnswer.Parse("x", "HTTP/1.1 200 OK\r\nx-frame-options: DENY\r\n\r\n"), promised));
        foreach (var fields in new[] { "", "X-Frame-Options: SAMEORIGIN\r\n", "X-Frame-Options: DENY\r\nX-Frame-Options: DENY\r\n", "X-Frame-Options: DENY\r\nServer: x\r\n" })
            Assert.NotNull(HeadersCheck.Fault(RawAnswer.Parse("x", $"HTTP/1.1 200 OK\r\n{fields}\r\n"), promised));
        Assert.NotNull(HeadersCheck.Fault(RawAnswer.Parse("x", ""), promised));
    }

    [Fact]
    public void Figures_that_are_no_protection_cannot_be_promised()
    {
        var tls = new TransportOptions(System.Security.Authentication.SslProtocols.Tls12, [TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]);
        Assert.Same(tls, tls.Checked());
        foreach (var weak in new[] { TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256, TlsCipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256 })
            Assert.Throws<InvalidOperationException>(() => (tls with { Suites = [.. tls.Suites, weak] }).Checked());
        Assert.Throws<InvalidOperationException>(() => (tls with { Versions = System.Security.Authentication.SslProtocols.Tls13 }).Checked());
        Assert.Throws<InvalidOperationException>(() => (tls with { Suites = [TlsCipherSuite.TLS_AES_128_GCM_SHA256] }).Checked());
    }
}
