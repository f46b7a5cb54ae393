using System.Text;
using Npgsql;
using Vouchsafe.Mail.Outbox;
using Vouchsafe.Mail.Smtp;
using Vouchsafe.Mail.Tests.Databases;
using Vouchsafe.Mail.Tests.Smtp;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Linting;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Mail.Tests.Outbox;

public sealed class OutboxTests(MailDatabase database) : IClassFixture<MailDatabase>, IAsyncLifetime
{
    private static readonly MailMessage Invitation = new("mari@tamm.example", "Your invitation", "Open https://app.example/join/1234 to join.");

    public async ValueTask InitializeAsync()
    {
        database.Sender.Reset();
        await TestDatabase.RunAsync(database.Superuser, "delete from mail.outbox");
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task The_schema_gives_the_application_nothing_but_the_way_in()
    {
        Assert.Empty((await TenancyLinter.LintAsync(database.Owner, database.Baseline, TestContext.Current.CancellationToken)).Findings);
        await using var session = database.Database.Tenant(TestDatabase.ScopeOf(database.NewTenant()));
        foreach (var statement in new[] { "select sealed from mail.outbox", "update mail.outbox set attempts = 0", "delete from mail.outbox", "select 1 from mail.mailbox" })
            Assert.Equal(Refusal.Denied, (await Assert.ThrowsAsync<DatabaseRefusedException>(() => session.ExecuteAsync(statement, [], TestContext.Current.CancellationToken))).Refusal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_goes_out_with_its_transaction_and_not_without_it(bool asTenant)
    {
        await using Session session = asTenant ? database.Database.Tenant(TestDatabase.ScopeOf(database.NewTenant())) : database.OpenPlatform();
        var stop = TestContext.Current.CancellationToken;
        await session.BeginAsync(stop);
        await session.EnqueueMailAsync(Invitation, stop);
        Assert.Equal(0, await database.RoundAsync());
        await session.RollbackAsync(stop);
        Assert.Equal(0, await database.RoundAsync());

        await session.BeginAsync(stop);
        await session.EnqueueMailAsync(Invitation, stop);
        await session.CommitAsync(stop);
        await session.EnqueueMailAsync(Invitation with { Subject = "Alone" }, stop);
        Assert.Equal(2, await database.RoundAsync());
        Assert.Equal(["Alone", "Your invitation"], database.Sender.Sent.Select(mail => mail.Message.Subject).Order());
        Assert.Equal(0, await database.RoundAsync());
    }

    [Fact]
    public async Task At_rest_neither_the_address_nor_the_link_can_be_read_and_after_delivery_nothing_is_left_but_the_outcome()
    {
        await EnqueueAsync();
        var stored = (byte[])(await TestDatabase.ScalarAsync(database.Superuser, "select sealed from mail.outbox"))!;
        foreach (var secret in new[] { "mari", "1234", "invitation" })
            Assert.Equal(-1, stored.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)));

        await database.RoundAsync();
        Assert.Equal(1L, await CountAsync("outcome = 'delivered' and sealed is null and finished_at is not null and attempts = 1"));
        database.Time.Advance(TimeSpan.FromDays(31));
        await database.Get<OutboxQueue>().PurgeAsync(database.Time.GetUtcNow() - TimeSpan.FromDays(30), TestContext.Current.CancellationToken);
        Assert.Equal(0L, await CountAsync("true"));
    }

    [Fact]
    public async Task What_was_not_written_under_the_cells_key_for_its_row_is_never_sent()
    {
        await EnqueueAsync();
        // As somebody who can run SQL with the application's login, or even change the table: no key, no mail.
        await using var session = database.Database.Tenant(TestDatabase.ScopeOf(database.NewTenant()));
        await session.ExecuteAsync("select mail.enqueue($1, $2, $3)", [Guid.Parse("0f9d2a4e-54a7-4c5e-9a39-0a1b2c3d4e5f"), new byte[900], session.Now], TestContext.Current.CancellationToken);
        await TestDatabase.RunAsync(database.Superuser,
            "insert into mail.outbox (message_id, sealed, queued_at, next_attempt_at) select gen_random_uuid(), sealed, queued_at, next_attempt_at from mail.outbox where octet_length(sealed) <> 900");
        await database.RoundAsync();
        Assert.Single(database.Sender.Sent);
        Assert.Equal(2L, await CountAsync("outcome = 'dead' and last_error = 'unreadable' and sealed is null"));
    }

    /// <summary>A row that the driver can't read, or that sorts before all others, would stop everybody's mail.</summary>
    [Theory]
    [InlineData("'4000-01-01 BC'", PostgresErrorCodes.CheckViolation)]
    [InlineData("'-infinity'", PostgresErrorCodes.CheckViolation)]
    [InlineData("'infinity'", PostgresErrorCodes.CheckViolation)]
    public async Task No_row_has_a_time_that_stops_the_others(string time, string refusal)
    {
        await using var session = database.Database.Tenant(TestDatabase.ScopeOf(database.NewTenant()));
        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() => session.ExecuteAsync(
            $"select mail.enqueue(gen_random_uuid(), $1, {time})", [new byte[900]], TestContext.Current.CancellationToken));
        Assert.Equal(refusal, refused.SqlState);
    }

    [Fact]
    public async Task The_applications_login_writes_no_mail_without_a_tenant()
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() =>
            TestDatabase.RunAsync(database.App, "select mail.enqueue(gen_random_uuid(), decode(repeat('00', 100), 'hex'), now())"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task A_transient_refusal_is_tried_again_later_and_given_up_in_the_end()
    {
        database.Sender.Behaviour = (_, _) => throw new MailDeliveryException(MailFault.Transient, "451 4.7.1");
        await EnqueueAsync();
        for (var attempt = 1; attempt <= 4; attempt++)
        {
            Assert.Equal(1, await database.RoundAsync());
            Assert.Equal(0, await database.RoundAsync());
            Assert.Equal(1L, await CountAsync($"attempts = {attempt} and last_error = '451 4.7.1' and (outcome is not null) = {attempt == 4}"));
            database.Time.Advance(RetrySchedule.After(attempt) * 1.4);
        }

        Assert.Equal(0, await database.RoundAsync());
        Assert.Equal(1L, await CountAsync("outcome = 'dead' and sealed is null"));
    }

    /// <summary>Over the wire: a server that answers "later" to every attempt, from the greeting to the content, and in between one that isn't who it must be.</summary>
    [Fact]
    public async Task A_server_that_says_later_for_ever_is_asked_as_often_as_is_set_and_no_more()
    {
        using var certificates = new TestCertificates();
        var connections = 0;
        await using var server = new ScriptedServer(async peer =>
        {
            switch (++connections)
            {
                case 1:
                    await peer.SayAsync("421 4.3.2 later\r\n");
                    break;
                case 2:
                    await peer.BeginAsync(certificates.Server("somebody-else.example"));
                    break;
                case 3:
                    await peer.BeginAsync(certificates.Server("localhost"));
                    await peer.AnswerAsync("250 ok", "450 4.2.0 greylisted");
                    break;
                default:
                    await peer.BeginAsync(certificates.Server("localhost"));
                    await peer.AnswerAsync("250 ok", "250 ok", "452 4.3.1 no room");
                    break;
            }
        });
        var sender = new SmtpSender(new SmtpOptions { Host = "localhost", Port = server.Port, Tls = SmtpTls.StartTls, From = "no-reply@app.example", CaFile = certificates.AuthorityFile });
        database.Sender.Behaviour = sender.SendAsync;
        await EnqueueAsync();
        foreach (var (attempt, code) in new[] { (1, "421 4.3.2"), (2, "tls-name"), (3, "450 4.2.0"), (4, "452 4.3.1") })
        {
            Assert.Equal(1, await database.RoundAsync());
            Assert.Equal(1L, await CountAsync($"attempts = {attempt} and last_error = '{code}' and (outcome is not null) = {attempt == 4}"));
            database.Time.Advance(RetrySchedule.After(attempt) * 1.4);
        }
        Assert.Equal((0, 4), (await database.RoundAsync(), connections));
        Assert.Equal(1L, await CountAsync("outcome = 'dead' and sealed is null"));
        Assert.Equal(0L, await TestDatabase.ScalarAsync(database.Superuser, "select count(*) from mail.outbox where last_error like '%mari%'"));
    }

    [Fact]
    public async Task A_permanent_refusal_ends_it_at_once_and_a_wrong_set_up_does_not()
    {
        await EnqueueAsync();
        database.Sender.Behaviour = (_, _) => throw new MailDeliveryException(MailFault.Configuration, "tls-untrusted");
        await database.RoundAsync();
        Assert.Equal(1L, await CountAsync("outcome is null and last_error = 'tls-untrusted'"));
        database.Time.Advance(TimeSpan.FromMinutes(1));
        database.Sender.Behaviour = (_, _) => throw new MailDeliveryException(MailFault.Permanent, "550 5.1.1");
        await database.RoundAsync();
        Assert.Equal(1L, await CountAsync("outcome = 'dead' and last_error = '550 5.1.1'"));
    }

    [Fact]
    public async Task Of_many_nodes_one_sends_each_message()
    {
        await using (var session = database.OpenPlatform())
            for (var n = 0; n < 40; n++)
                await session.EnqueueMailAsync(Invitation with { Subject = $"Number {n}" }, TestContext.Current.CancellationToken);
        database.Sender.Behaviour = async (_, stop) => await Task.Delay(1, stop);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            while (await database.RoundAsync() > 0)
            {
            }
        }));
        Assert.Equal(40, database.Sender.Sent.Select(mail => mail.Message.Subject).Distinct().Count());
        Assert.Equal(40, database.Sender.Sent.Count);
    }

    [Fact]
    public async Task What_a_dead_node_had_claimed_is_sent_by_another_under_the_same_id()
    {
        await EnqueueAsync();
        var lost = Assert.Single(await database.Get<OutboxQueue>().ClaimAsync(4, TestContext.Current.CancellationToken));
        Assert.Equal(0, await database.RoundAsync());
        database.Time.Advance(OutboxQueue.ClaimLength + TimeSpan.FromSeconds(1));
        Assert.Equal(1, await database.RoundAsync());
        Assert.Equal(lost.Id, Assert.Single(database.Sender.Sent).Id);
        // The dead node wakes up after all: its claim is gone, and it changes nothing.
        await database.Get<OutboxQueue>().RetryAsync(lost, TimeSpan.Zero, "late", TestContext.Current.CancellationToken);
        Assert.Equal(1L, await CountAsync("outcome = 'delivered' and last_error is null"));
    }

    [Fact]
    public async Task An_attempt_that_lasts_too_long_is_cut_off()
    {
        await EnqueueAsync();
        var sending = new TaskCompletionSource();
        database.Sender.Behaviour = async (_, stop) =>
        {
            sending.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
        };
        var round = database.RoundAsync();
        await sending.Task;
        database.Time.Advance(TimeSpan.FromMinutes(3));
        await round;
        Assert.Equal(1L, await CountAsync("outcome is null and last_error = 'timeout' and claim is null"));
    }

    private async Task EnqueueAsync()
    {
        await using var session = database.OpenPlatform();
        await session.EnqueueMailAsync(Invitation, TestContext.Current.CancellationToken);
    }

    private async Task<long> CountAsync(string where) => (long)(await TestDatabase.ScalarAsync(database.Superuser, $"select count(*) from mail.outbox where {where}"))!;
}
