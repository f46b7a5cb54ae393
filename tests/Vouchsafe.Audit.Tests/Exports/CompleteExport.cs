using Npgsql;
using Vouchsafe.Audit.Export;
using Vouchsafe.Audit.Tests.Databases;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Transparency.Exports;
using Xunit;

namespace Vouchsafe.Audit.Tests.Exports;

/// <summary>An export holds everything that was committed before it was asked for, or there is none.</summary>
public sealed class CompleteExport(AuditDatabase database) : IClassFixture<AuditDatabase>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_fails_where_what_is_committed_can_get_no_index()
    {
        var tenant = database.NewTenant();
        await using var session = database.Open(tenant);
        await session.RecordAsync(new AuditEvent("order.created"), Cancellation);
        await database.SequenceAsync(Cancellation);
        await using (var other = new NpgsqlConnection(database.Superuser))
        {
            // Somebody holds what the sequencer needs.
            await other.OpenAsync(Cancellation);
            await using var transaction = await other.BeginTransactionAsync(Cancellation);
            await using (var hold = new NpgsqlCommand(await HoldAsync(), other))
                await hold.ExecuteNonQueryAsync(Cancellation);
            for (var n = 0; n < 4; n++)
                await session.RecordAsync(new AuditEvent("order.created"), Cancellation);
            var written = new MemoryStream();
            var output = System.IO.Pipelines.PipeWriter.Create(written);
            await Assert.ThrowsAsync<TrailBusyException>(() => database.Get<TrailExport>().WriteAsync(session, output, null, Cancellation));
            await output.FlushAsync(Cancellation);
            Assert.Equal(0, written.Length);
        }

        await using var export = await TakenExport.OfAsync(database, tenant, null, Cancellation);
        Assert.Equal(5, (await ExportVerifier.VerifyAsync(export, new ExportTrust(), Cancellation)).Entries);
    }

    [Fact]
    public async Task It_holds_more_than_one_round_takes()
    {
        var tenant = database.NewTenant();
        await using var session = database.Open(tenant);
        // A round takes 65,536 entries.
        for (var n = 0; n < 7; n++)
            await session.RecordManyAsync([.. Enumerable.Range(0, 10_000).Select(_ => new AuditEvent("order.created"))], Cancellation);
        await using var export = await TakenExport.OfAsync(database, tenant, null, Cancellation);
        var report = await ExportVerifier.VerifyAsync(export, new ExportTrust(), Cancellation);
        Assert.Equal((70_000, ExportVerdict.Valid), (report.Entries, report.Verdict));
    }

    [Fact]
    public async Task It_fails_for_a_log_that_takes_nothing_more()
    {
        var tenant = database.NewTenant();
        await using var session = database.Open(tenant);
        await session.RecordAsync(new AuditEvent("order.created"), Cancellation);
        await database.SequenceAsync(Cancellation);
        await AuditDatabase.RunAsync(database.Superuser, $"update audit.heads set root = sha256('x') where tenant_id = '{tenant}'");
        await session.RecordAsync(new AuditEvent("order.created"), Cancellation);
        await Assert.ThrowsAsync<TrailBusyException>(() => TakenExport.OfAsync(database, tenant, null, Cancellation));
        await AuditDatabase.RunAsync(database.Superuser, $"delete from audit.pending where tenant_id = '{tenant}'");
    }

    private async Task<string> HoldAsync() =>
        await AuditDatabase.ScalarAsync(database.Superuser, "select to_regclass('audit.sequencer') is not null") is true
            ? "select from audit.sequencer for update"
            : "select pg_advisory_xact_lock(x'766f75636861'::bigint)";
}
