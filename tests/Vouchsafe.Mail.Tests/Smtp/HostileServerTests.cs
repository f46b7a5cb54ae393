using System.Security.Authentication;
using Vouchsafe.Mail.Smtp;
using Xunit;

namespace Vouchsafe.Mail.Tests.Smtp;

/// <summary>Servers, and those between us and them, that don't keep to the protocol.</summary>
public sealed class HostileServerTests(TestCertificates certificates) : IClassFixture<TestCertificates>
{
    private static readonly OutgoingMail Mail = new(
        Guid.Parse("5f0c7d1e-93b4-4a54-8a2f-b1f9c0d2e3a4"), DateTimeOffset.UnixEpoch, new MailMessage("mari@tamm.example", "Subject", "https://app.example/secret-link"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bytes_in_clear_behind_the_answer_to_starttls_end_it()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.SayAsync("220 test\r\n");
            await peer.AnswerAsync("250-test\r\n250 STARTTLS", "220 go\r\n250-test\r\n250 AUTH PLAIN");
            await peer.EncryptAsync(certificates.Server("localhost"));
        });
        await FailsAsync(server, MailFault.Transient, "protocol");
        Assert.DoesNotContain("MAIL", server.Heard.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_offered_in_clear_counts_for_nothing_after_the_handshake()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.SayAsync("220 test\r\n");
            await peer.AnswerAsync("250-test\r\n250-AUTH PLAIN\r\n250 STARTTLS", "220 go");
            await peer.EncryptAsync(certificates.Server("localhost"));
            await peer.AnswerAsync("250 test", "500 no");
        });
        await FailsAsync(server, MailFault.Configuration, "auth-unsupported", options => options with { User = "outbox", Password = "secret" });
        Assert.DoesNotContain("AUTH", server.Heard.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("250 test")]
    [InlineData("500 what?")]
    [InlineData("250-test\r\n250-AUTH PLAIN LOGIN\r\n250 XSTARTTLS")]
    public async Task Without_starttls_neither_password_nor_message_leaves(string hello)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.SayAsync("220 test\r\n");
            await peer.AnswerAsync(hello, "250 go on in clear", "250 go on", "250 go on");
        });
        await FailsAsync(server, MailFault.Configuration, hello.StartsWith('5') ? "500" : "starttls-missing", options => options with { User = "outbox", Password = "secret" });
        Assert.DoesNotContain("AUTH", server.Heard.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("tamm", server.Heard.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Offered and then refused, as by somebody in between who strips it: the message waits, and nothing is said in clear.</summary>
    [Theory]
    [InlineData("454 TLS not available", MailFault.Transient, "454")]
    [InlineData("502 no such command", MailFault.Configuration, "502")]
    [InlineData("250 go on in clear", MailFault.Transient, "250")]
    public async Task A_starttls_that_is_offered_and_refused_ends_it(string answer, MailFault fault, string code)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.SayAsync("220 test\r\n");
            await peer.AnswerAsync("250-test\r\n250-AUTH PLAIN\r\n250 STARTTLS", answer, "250 go on", "250 go on");
        });
        await FailsAsync(server, fault, code, options => options with { User = "outbox", Password = "secret" });
        Assert.DoesNotContain("AUTH", server.Heard.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("MAIL", server.Heard.ToString(), StringComparison.Ordinal);
    }

    /// <summary>What answers the handshake in clear, or with an older TLS than 1.2, gets no word.</summary>
    [Theory]
    [InlineData(SslProtocols.None)]
#pragma warning disable CA5397, SYSLIB0039 // What a downgrade attack leaves is what is tried here.
    [InlineData(SslProtocols.Tls11)]
#pragma warning restore CA5397, SYSLIB0039
    public async Task A_handshake_in_clear_or_of_old_ends_it(SslProtocols older)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.SayAsync("220 test\r\n");
            await peer.AnswerAsync("250-test\r\n250 STARTTLS", "220 go");
            if (older == SslProtocols.None)
                await peer.SayAsync("250 in clear\r\n");
            else
                await peer.EncryptAsync(certificates.Server("localhost"), older);
        });
        var refused = await Assert.ThrowsAsync<MailDeliveryException>(() => SenderFor(server.Port).SendAsync(Mail, Stop));
        Assert.Contains(refused.Code, (string[])["tls-handshake", "protocol", "connection-lost"]);
        Assert.DoesNotContain("MAIL", server.Heard.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_certificate_and_one_for_another_purpose_are_refused()
    {
        foreach (var files in new[] { certificates.Server("localhost", daysLeft: 0), certificates.Server("localhost", purpose: "1.3.6.1.5.5.7.3.2") })
        {
            await using var server = new ScriptedServer(peer => peer.BeginAsync(files));
            await FailsAsync(server, MailFault.Configuration, "tls-untrusted");
        }
    }

    [Theory]
    [InlineData("DATA")]
    [InlineData("content")]
    [InlineData("RCPT")]
    public async Task A_connection_that_drops_is_tried_again(string at)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.BeginAsync(certificates.Server("localhost"));
            await peer.AnswerAsync("250 ok");
            if (at != "RCPT")
                await peer.AnswerAsync("250 ok", "354 go");
            if (at == "content")
                await peer.HearAsync();
            peer.Close();
        });
        await FailsAsync(server, MailFault.Transient, "connection-lost");
    }

    [Theory]
    [InlineData("421 4.3.2 shutting down", MailFault.Transient, "421 4.3.2")]
    [InlineData("550 5.7.1 <mari@tamm.example> no", MailFault.Permanent, "550 5.7.1")]
    [InlineData("550 4.7.1 odd", MailFault.Permanent, "550")]
    [InlineData("550-first\r\n550 5.1.1 second", MailFault.Permanent, "550")]
    [InlineData("354 what?", MailFault.Transient, "354")]
    public async Task A_code_is_all_that_is_kept_of_an_answer(string answer, MailFault fault, string code)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.BeginAsync(certificates.Server("localhost"));
            await peer.AnswerAsync("250 ok", answer);
        });
        await FailsAsync(server, fault, code);
    }

    [Theory]
    [InlineData("220 test\n")]
    [InlineData("hello\r\n")]
    [InlineData("220-a\r\n221 b\r\n")]
    [InlineData("220 t\0est\r\n")]
    [InlineData("220 test\r\n250 and at once an answer to what was not asked\r\n")]
    public async Task What_is_no_reply_ends_it(string greeting)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.SayAsync(greeting);
            await peer.HearAsync();
        });
        await FailsAsync(server, MailFault.Transient, "protocol");
    }

    [Fact]
    public async Task A_line_without_end_is_bounded()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            while (true)
                await peer.SayAsync("220-" + new string('a', 4096));
        });
        await FailsAsync(server, MailFault.Transient, "protocol");
    }

    [Fact]
    public async Task A_reply_without_end_is_bounded()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            while (true)
                await peer.SayAsync("220-again\r\n");
        });
        await FailsAsync(server, MailFault.Transient, "protocol");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_server_that_falls_silent_is_left_when_the_attempt_ends(int after)
    {
        var silent = new TaskCompletionSource();
        await using var server = new ScriptedServer(async peer =>
        {
            if (after > 0)
                await peer.SayAsync("220 test\r\n");
            if (after > 1)
                await peer.AnswerAsync("250-test\r\n250 STARTTLS", "220 go");
            silent.SetResult();
            await peer.HearAsync();
            await peer.HearAsync();
            await peer.HearAsync();
        });
        using var attempt = new CancellationTokenSource();
        var sending = SenderFor(server.Port).SendAsync(Mail, attempt.Token);
        await silent.Task;
        await attempt.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Fact]
    public async Task A_goodbye_that_is_not_answered_changes_nothing()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.BeginAsync(certificates.Server("localhost"));
            await peer.AnswerAsync("250 ok", "250 ok", "354 go");
            while (await peer.HearAsync() != ".")
            {
            }

            await peer.SayAsync("250 taken\r\n");
            peer.Close();
        });
        await SenderFor(server.Port).SendAsync(Mail, Stop);
    }

    private async Task FailsAsync(ScriptedServer server, MailFault fault, string code, Func<SmtpOptions, SmtpOptions>? change = null)
    {
        var refused = await Assert.ThrowsAsync<MailDeliveryException>(() => SenderFor(server.Port, change).SendAsync(Mail, Stop));
        Assert.Equal((fault, code), (refused.Fault, refused.Code));
        Assert.DoesNotContain("tamm", refused.ToString(), StringComparison.Ordinal);
    }

    private SmtpSender SenderFor(int port, Func<SmtpOptions, SmtpOptions>? change = null)
    {
        var options = new SmtpOptions { Host = "localhost", Port = port, Tls = SmtpTls.StartTls, From = "no-reply@app.example", CaFile = certificates.AuthorityFile };
        return new SmtpSender(change?.Invoke(options) ?? options);
    }
}
