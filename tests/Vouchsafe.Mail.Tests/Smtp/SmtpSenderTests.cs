using System.Text;
using System.Text.Json.Nodes;
using Vouchsafe.Mail.Smtp;
using Xunit;

namespace Vouchsafe.Mail.Tests.Smtp;

/// <summary>Against a mail server that nobody here wrote.</summary>
public sealed class SmtpSenderTests(TestCertificates certificates) : IClassFixture<TestCertificates>
{
    private static readonly OutgoingMail Mail = new(
        Guid.Parse("5f0c7d1e-93b4-4a54-8a2f-b1f9c0d2e3a4"), new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero),
        new MailMessage("mari@tamm.example", "Kutse: liitu meiega, õhtul šampanja ja muud üllatused, mida siin reas lõpuni lugeda ei jõua",
            ".a dot first\nhttps://app.example/join?token=abc=def\n\nõäöü 🎈 trailing space \n" + new string('x', 300) + "\n.", "<p>Tere, <b>Mari</b> &amp; kõik</p>"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, "PLAIN")]
    [InlineData(true, "PLAIN")]
    [InlineData(false, "LOGIN")]
    public async Task A_message_arrives_as_it_was_written_over_tls_and_signed_in(bool isImplicit, string method)
    {
        await using var server = await PeerServer.StartAsync(certificates, new JsonObject
        {
            ["secure"] = isImplicit, ["user"] = "outbox", ["password"] = "õige parool", ["methods"] = new JsonArray(method),
        });
        await SenderFor(server.Port, options => options with
        {
            Tls = isImplicit ? SmtpTls.Implicit : SmtpTls.StartTls, User = "outbox", Password = "õige parool", FromName = "Vouchsafe, \"Tartu\"",
        }).SendAsync(Mail, Stop);

        var taken = await server.TakenAsync(Stop);
        Assert.True(taken.GetProperty("secure").GetBoolean());
        Assert.Equal(method, taken.GetProperty("method").GetString());
        Assert.Equal("no-reply@app.example", taken.GetProperty("from").GetString());
        Assert.Equal("mari@tamm.example", Assert.Single(taken.GetProperty("to").EnumerateArray()).GetString());
        Assert.Equal(Mail.Message.Subject, taken.GetProperty("subject").GetString());
        Assert.Equal(Mail.Message.Text, taken.GetProperty("text").GetString()!.TrimEnd('\r', '\n').ReplaceLineEndings("\n"));
        Assert.Equal(Mail.Message.Html, taken.GetProperty("html").GetString()!.Trim());
        Assert.Equal("<5f0c7d1e93b44a548a2fb1f9c0d2e3a4@app.example>", taken.GetProperty("messageId").GetString());
        Assert.Equal("Vouchsafe, \"Tartu\"", taken.GetProperty("sender").GetProperty("name").GetString());
        var headers = taken.GetProperty("headers").EnumerateArray().ToLookup(header => header[0].GetString()!, header => header[1].GetString()!);
        Assert.Equal("auto-generated", headers["auto-submitted"].Single());
        Assert.Equal("Tue, 03 Feb 2026 04:05:06 +0000", headers["date"].Single());
        var lines = Encoding.ASCII.GetString(Convert.FromBase64String(taken.GetProperty("raw").GetString()!)).Split("\r\n");
        Assert.All(lines, line => Assert.True(line.Length <= 78 && !line.Contains('\n') && !line.Contains('\r'), line));
    }

    [Fact]
    public async Task The_bytes_are_the_same_at_each_attempt()
    {
        await using var server = await PeerServer.StartAsync(certificates);
        var sender = SenderFor(server.Port);
        await sender.SendAsync(Mail, Stop);
        await sender.SendAsync(Mail, Stop);
        Assert.Equal((await server.TakenAsync(Stop)).GetProperty("raw").GetString(), (await server.TakenAsync(Stop)).GetProperty("raw").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_certificate_that_leads_to_no_trusted_root_is_refused(bool isImplicit)
    {
        await using var server = await PeerServer.StartAsync(certificates, new JsonObject { ["secure"] = isImplicit });
        await RefusedAsync(MailFault.Configuration, "tls-untrusted", server,
            options => options with { Tls = isImplicit ? SmtpTls.Implicit : SmtpTls.StartTls, CaFile = null });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_certificate_of_another_host_is_refused(bool isImplicit)
    {
        await using var server = await PeerServer.StartAsync(certificates, new JsonObject { ["secure"] = isImplicit }, host: "other.example");
        await RefusedAsync(MailFault.Configuration, "tls-name", server, options => options with { Tls = isImplicit ? SmtpTls.Implicit : SmtpTls.StartTls });
    }

    [Fact]
    public async Task A_server_that_offers_no_starttls_gets_nothing()
    {
        await using var server = await PeerServer.StartAsync(certificates, new JsonObject { ["hideStartTls"] = true, ["user"] = "outbox", ["password"] = "secret" });
        await RefusedAsync(MailFault.Configuration, "starttls-missing", server, options => options with { User = "outbox", Password = "secret" });
    }

    [Fact]
    public async Task A_refused_sign_in_is_a_fault_of_the_set_up()
    {
        await using var server = await PeerServer.StartAsync(certificates, new JsonObject { ["user"] = "outbox", ["password"] = "secret" });
        await RefusedAsync(MailFault.Configuration, "535", server, options => options with { User = "outbox", Password = "wrong" });
    }

    [Fact]
    public async Task A_server_that_wants_a_sign_in_which_is_not_configured_says_so()
    {
        await using var server = await PeerServer.StartAsync(certificates, new JsonObject { ["user"] = "outbox", ["password"] = "secret" });
        await RefusedAsync(MailFault.Configuration, "530", server);
    }

    [Theory]
    [InlineData("mail", 451, MailFault.Transient)]
    [InlineData("mail", 550, MailFault.Configuration)]
    [InlineData("rcpt", 450, MailFault.Transient)]
    [InlineData("rcpt", 550, MailFault.Permanent)]
    [InlineData("data", 451, MailFault.Transient)]
    [InlineData("data", 554, MailFault.Permanent)]
    public async Task A_refusal_says_what_a_further_attempt_can_expect_and_nothing_else(string where, int code, MailFault fault)
    {
        await using var server = await PeerServer.StartAsync(certificates, new JsonObject { [where] = code });
        await RefusedAsync(fault, $"{code}", server);
    }

    [Fact]
    public async Task An_internationalised_address_is_sent_where_the_server_takes_it_and_refused_where_not()
    {
        var mail = Mail with { Message = Mail.Message with { To = "mõmm@põder.example" } };
        await using var able = await PeerServer.StartAsync(certificates, new JsonObject { ["utf8"] = true });
        await SenderFor(able.Port).SendAsync(mail, Stop);
        var taken = await able.TakenAsync(Stop);
        Assert.StartsWith("mõmm@", Assert.Single(taken.GetProperty("to").EnumerateArray()).GetString(), StringComparison.Ordinal);

        await using var unable = await PeerServer.StartAsync(certificates);
        var refused = await Assert.ThrowsAsync<MailDeliveryException>(() => SenderFor(unable.Port).SendAsync(mail, Stop));
        Assert.Equal((MailFault.Permanent, "smtputf8-missing"), (refused.Fault, refused.Code));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_tried_again()
    {
        await using var server = await PeerServer.StartAsync(certificates);
        var port = server.Port;
        await server.EndAsync();
        var refused = await Assert.ThrowsAsync<MailDeliveryException>(() => SenderFor(port).SendAsync(Mail, Stop));
        Assert.Equal((MailFault.Transient, "unreachable"), (refused.Fault, refused.Code));
    }

    private async Task RefusedAsync(MailFault fault, string code, PeerServer server, Func<SmtpOptions, SmtpOptions>? change = null)
    {
        var refused = await Assert.ThrowsAsync<MailDeliveryException>(() => SenderFor(server.Port, change).SendAsync(Mail, Stop));
        Assert.Equal((fault, code), (refused.Fault, refused.Code.Split(' ')[0]));
        Assert.DoesNotContain("words", refused.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await server.EndAsync());
    }

    private SmtpSender SenderFor(int port, Func<SmtpOptions, SmtpOptions>? change = null)
    {
        var options = new SmtpOptions { Host = "localhost", Port = port, Tls = SmtpTls.StartTls, From = "no-reply@app.example", CaFile = certificates.AuthorityFile };
        return new SmtpSender(change?.Invoke(options) ?? options);
    }
}
