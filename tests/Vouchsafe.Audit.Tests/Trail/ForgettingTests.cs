using System.IO.Pipelines;
using System.Net;
using System.Text;
using Vouchsafe.Audit.Checks;
using Vouchsafe.Audit.Tests.Exports;
using Vouchsafe.Audit.Export;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Tests.Databases;
using Vouchsafe.Audit.Tests.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Exports;
using Vouchsafe.Transparency.Trees;
using Xunit;

namespace Vouchsafe.Audit.Tests.Trail;

public sealed class ForgettingTests(AuditDatabase database) : IClassFixture<AuditDatabase>
{
    /// <summary>How old an entry is, the database says.</summary>
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_export_verifies_offline_with_the_logs_key_alone()
    {
        var tenant = database.NewTenant();
        await RecordAsync(tenant, 700);
        var (verdict, entries, text) = await ExportAsync(tenant);
        Assert.Equal(ExportVerdict.Valid, verdict);
        Assert.Equal(700, entries);
        Assert.Contains("\"number\",\"n699\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenant_without_entries_has_nothing_to_export()
    {
        await using var session = database.Open(database.NewTenant());
        Assert.Null(await database.Get<TrailExport>().WriteAsync(session, new Pipe().Writer, null, Cancellation));
    }

    [Fact]
    public async Task Erasing_a_person_leaves_every_proof_and_takes_every_value()
    {
        var (tenant, person) = (database.NewTenant(), Guid.CreateVersion7(database.Time.GetUtcNow()));
        await using var session = database.Database.Tenant(new TenantScope(tenant, Actor.User(person), OwnerReach.All, IPAddress.Parse("203.0.113.5")));
        await session.RecordAsync(new AuditEvent("member.described", new AuditField("name", "Maarja Kask")), Cancellation);
        await using var admin = database.Open(tenant);
        await admin.EraseAsync(person, [new AuditField("request", "2026-4")], Cancellation);
        await database.SequenceAsync(Cancellation);

        var (verdict, entries, text) = await ExportAsync(tenant);
        Assert.Equal(ExportVerdict.LawfullyErased, verdict);
        Assert.Equal(2, entries);
        Assert.DoesNotContain("Maarja", text, StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113.5", text, StringComparison.Ordinal);
        Assert.Contains("\"erased\"", text, StringComparison.Ordinal);
        var listed = await database.Get<TrailReader>().ListAsync(admin, null, 10, Cancellation);
        Assert.Equal([EntryBuilder.ErasureEvent, "member.described"], listed.Select(entry => entry.Event));
        Assert.Equal([TrailEntryState.Whole, TrailEntryState.Erased], listed.Select(entry => entry.State));
        await Assert.ThrowsAsync<KeyDestroyedException>(() => admin.EraseAsync(person, [], Cancellation));
    }

    [Fact]
    public async Task An_erasure_that_is_rolled_back_destroys_nothing()
    {
        var (tenant, person) = (database.NewTenant(), Guid.CreateVersion7(database.Time.GetUtcNow()));
        database.Get<KeyRing>().SubjectKey(tenant.Value, person);
        await using var admin = database.Open(tenant);
        await admin.BeginAsync(Cancellation);
        await admin.EraseAsync(person, [], Cancellation);
        await admin.RollbackAsync(Cancellation);
        Assert.Equal(KeyState.Present, database.Get<KeyRing>().Existing(KeyName.OfSubject(tenant.Value, person)).State);
    }

    [Fact]
    public async Task Pruning_takes_old_entries_and_leaves_the_rest_provable()
    {
        // The database judges the age by its clock, the record shows it by ours.
        database.Time.Advance(TimeProvider.System.GetUtcNow() - database.Time.GetUtcNow());
        var tenant = database.NewTenant();
        var ids = await database.AppendAtAsync(tenant, 700, Now.AddDays(-181), Cancellation);
        await using var session = database.Open(tenant);
        var before = (await TenantLog.HeadAsync(session, Cancellation))!;
        await session.PruneAsync(512, Cancellation);
        await database.SequenceAsync(Cancellation);

        var head = (await TenantLog.HeadAsync(session, Cancellation))!;
        Assert.Equal((701, 512), (head.Size, head.PrunedTo));
        var (verdict, entries, text) = await ExportAsync(tenant);
        Assert.Equal(ExportVerdict.Pruned, verdict);
        Assert.Equal(189, entries);
        Assert.Contains(EntryBuilder.PruneEvent, text, StringComparison.Ordinal);
        Assert.NotNull(await database.Get<TrailReader>().ProveAsync(tenant, ids[600], Cancellation));
        Assert.Null(await database.Get<TrailReader>().ProveAsync(tenant, ids[100], Cancellation));
        await WholeLog.AssertAsync(session, database.Get<EntryOpener>(), Cancellation);
        Assert.Null(await new LogVerifier(session, head, database.Get<EntryOpener>()).FindRewritingAsync(new VerifiedHead(before.LogId, tenant.Value, before.Size, before.Root), Cancellation));
        Assert.NotNull(await database.Get<TrailReader>().ConsistencyAsync(session, before.Size, head.Size, Cancellation));
    }

    [Fact]
    public async Task An_export_that_a_pruning_overtakes_breaks_off_and_accuses_nobody()
    {
        var tenant = database.NewTenant();
        await database.AppendAtAsync(tenant, 700, Now.AddDays(-181), Cancellation);
        await using var exporting = database.Open(tenant);
        var pipe = new Pipe();
        // More than the pipe takes unread is held back behind the first 256 entries.
        var writing = database.Get<TrailExport>().WriteAsync(exporting, pipe.Writer, null, Cancellation);
        var begun = await pipe.Reader.ReadAtLeastAsync(100_000, Cancellation);
        await using (var session = database.Open(tenant))
            await session.PruneAsync(512, Cancellation);
        pipe.Reader.AdvanceTo(begun.Buffer.End);
        await Assert.ThrowsAsync<TreeException>(() => writing);
    }

    [Fact]
    public async Task What_is_young_out_of_step_or_not_there_is_not_pruned()
    {
        var tenant = database.NewTenant();
        await database.AppendAtAsync(tenant, 255, Now.AddDays(-181), Cancellation);
        await database.AppendAtAsync(tenant, 45, Now.AddDays(-179), Cancellation);
        await using var session = database.Open(tenant);
        Assert.Equal("42501", (await Assert.ThrowsAsync<DatabaseRefusedException>(() => session.PruneAsync(256, Cancellation))).SqlState);
        foreach (var before in new long[] { 0, -256, 100, 257 })
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => session.PruneAsync(before, Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => session.PruneAsync(512, Cancellation));
        await using var other = database.Open(database.NewTenant());
        await Assert.ThrowsAsync<DatabaseRefusedException>(() => other.ExecuteAsync("select audit.prune($1, 256)", [tenant.Value], Cancellation));
        Assert.Equal(0, (await TenantLog.HeadAsync(session, Cancellation))!.PrunedTo);
        Assert.Equal(300, (await ExportAsync(tenant)).Entries);
    }

    private async Task<IReadOnlyList<Guid>> RecordAsync(TenantId tenant, int count)
    {
        await using var session = database.Open(tenant);
        var ids = await session.RecordManyAsync([.. Enumerable.Range(0, count).Select(n => new AuditEvent("order.created", new AuditField("number", $"n{n}")))], Cancellation);
        await database.SequenceAsync(Cancellation);
        return ids;
    }

    private async Task<(ExportVerdict Verdict, long Entries, string Text)> ExportAsync(TenantId tenant)
    {
        await using var session = database.Open(tenant);
        using var file = await TakenExport.OfAsync(database, tenant, null, Cancellation);
        var report = await ExportVerifier.VerifyAsync(file, new ExportTrust { Key = await database.Get<TrailReader>().VerifierAsync(session, Cancellation) }, Cancellation);
        Assert.Empty(report.Findings);
        return (report.Verdict, report.Entries, Encoding.UTF8.GetString(file.ToArray()));
    }
}
