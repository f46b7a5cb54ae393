using Npgsql;
using Vouchsafe.Audit.Sequencing;
using Vouchsafe.Audit.Tests.Databases;
using Vouchsafe.Audit.Tests.Exports;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Testing.Databases;
using Vouchsafe.Transparency.Exports;
using Xunit;

namespace Vouchsafe.Audit.Tests.Sequencing;

/// <summary>One round at a time, and nobody but the platform's login can keep a round from running.</summary>
public sealed class SequencerLockTests(AuditDatabase database) : IClassFixture<AuditDatabase>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_applications_login_cannot_stop_the_sequencer_of_all_tenants()
    {
        await using var attacker = new NpgsqlConnection(database.App);
        await attacker.OpenAsync(Cancellation);
        foreach (var sql in new[]
        {
            "select pg_advisory_lock(x'766f75636861'::bigint)",
            "select 1 from vouchsafe.canaries where pg_try_advisory_lock(x'766f75636861'::bigint)",
            "select from audit.sequencer for update",
            "select from audit.sequencer for key share",
            "lock table audit.sequencer in access share mode",
            "lock table audit.pending in row exclusive mode",
            "lock table audit.heads in row exclusive mode",
            "lock table audit.entries in share row exclusive mode",
        })
        {
            await using var transaction = await attacker.BeginTransactionAsync(Cancellation);
            await using var attempt = new NpgsqlCommand(sql, attacker);
            var refused = await Assert.ThrowsAsync<PostgresException>(() => attempt.ExecuteNonQueryAsync(Cancellation));
            Assert.Equal((sql, PostgresErrorCodes.InsufficientPrivilege), (sql, refused.SqlState));
        }

        // The session is still open; what another tenant commits now gets its index, and its export has all of it.
        var tenant = database.NewTenant();
        await using (var session = database.Open(tenant))
            for (var n = 0; n < 4; n++)
                await session.RecordAsync(new AuditEvent("order.created", new AuditField("number", n.ToString(System.Globalization.CultureInfo.InvariantCulture))), Cancellation);
        await database.SequenceAsync(Cancellation);
        var export = await TakenExport.OfAsync(database, tenant, null, Cancellation);
        Assert.Equal(4, System.Text.Encoding.UTF8.GetString(export.ToArray()).Split('\n').Count(line => line.Contains("\"leaf\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_round_that_another_node_runs_is_left_to_it_and_one_with_nothing_to_do_locks_nothing()
    {
        var tenant = database.NewTenant();
        await database.SequenceAsync(Cancellation);
        await using var other = new NpgsqlConnection(database.Platform);
        await other.OpenAsync(Cancellation);
        await using var round = await other.BeginTransactionAsync(Cancellation);
        await using (var take = new NpgsqlCommand("select from audit.sequencer for update", other))
            await take.ExecuteNonQueryAsync(Cancellation);

        var sequencer = database.Get<Sequencer>();
        Assert.Equal(0, await sequencer.RunRoundAsync(Cancellation));
        await using (var session = database.Open(tenant))
            await session.RecordAsync(new AuditEvent("order.created"), Cancellation);
        Assert.Null(await sequencer.RunRoundAsync(Cancellation));
        await round.RollbackAsync(Cancellation);
        Assert.Equal(1, await sequencer.RunRoundAsync(Cancellation));
    }

    [Fact]
    public async Task Without_the_row_that_rounds_lock_the_sequencer_says_so()
    {
        await using var damaged = new AuditDatabase();
        await damaged.InitializeAsync();
        await TestDatabase.RunAsync(damaged.Superuser, "delete from audit.sequencer");
        await using (var session = damaged.Open(damaged.NewTenant()))
            await session.RecordAsync(new AuditEvent("order.created"), Cancellation);
        var stopped = await Assert.ThrowsAsync<InvalidOperationException>(() => damaged.Get<Sequencer>().RunRoundAsync(Cancellation));
        Assert.Contains("audit.sequencer", stopped.Message, StringComparison.Ordinal);
        await TestDatabase.RunAsync(damaged.Superuser, "insert into audit.sequencer default values");
        Assert.Equal(1, await damaged.Get<Sequencer>().RunRoundAsync(Cancellation));
    }
}
