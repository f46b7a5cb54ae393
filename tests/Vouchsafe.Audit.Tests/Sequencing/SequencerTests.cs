using System.Security.Cryptography;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Sequencing;
using Vouchsafe.Audit.Tests.Databases;
using Vouchsafe.Audit.Tests.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Audit.Tests.Sequencing;

public sealed class SequencerTests(AuditDatabase database) : IClassFixture<AuditDatabase>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Committed_entries_of_every_tenant_get_gapless_indexes_and_the_root_of_the_standard()
    {
        var tenants = Enumerable.Range(0, 3).Select(_ => database.NewTenant()).ToList();
        var appended = tenants.ToDictionary(tenant => tenant, _ => new HashSet<Guid>());
        var n = 0;
        foreach (var count in new[] { 1, 1, 3, 256, 250, 7, 256, 256, 1 })
        {
            foreach (var tenant in tenants)
                appended[tenant].UnionWith(await AppendAsync(tenant, count));
            if (n++ % 2 == 0)
                await database.SequenceAsync(Cancellation);
        }

        await database.SequenceAsync(Cancellation);
        foreach (var tenant in tenants)
        {
            var (entries, root, size) = await LogAsync(tenant);
            Assert.Equal(1031, size);
            Assert.Equal(appended[tenant], entries.Select(entry => entry.Id).ToHashSet());
            Assert.Equal(NaiveTree.Root(entries.Select(entry => Hash(entry.Leaf)).ToArray()), root);
        }
    }

    [Fact]
    public async Task A_transaction_that_commits_late_leaves_no_gap()
    {
        var tenant = database.NewTenant();
        await using var slow = database.Open(tenant);
        await slow.BeginAsync(Cancellation);
        var late = await AppendAsync(slow, 1);
        var early = await AppendAsync(tenant, 2);
        await database.SequenceAsync(Cancellation);
        await slow.CommitAsync(Cancellation);
        await database.SequenceAsync(Cancellation);

        var (entries, _, size) = await LogAsync(tenant);
        Assert.Equal(3, size);
        Assert.Equal([.. early, .. late], entries.Select(entry => entry.Id));
    }

    [Fact]
    public async Task A_tenant_whose_key_is_gone_holds_up_nobody_else()
    {
        var (left, stays) = (database.NewTenant(), database.NewTenant());
        await AppendAsync(left, 1);
        // As a late commit of a tenant that leaves: its entry is stored, and its log was never opened.
        database.Get<KeyRing>().Destroy(KeyName.OfTenant(left.Value));
        await AppendAsync(stays, 2);

        using var sequencer = database.NewSequencer();
        Assert.Equal(2, await sequencer.RunRoundAsync(Cancellation));
        Assert.Equal([left.Value], sequencer.Damaged);
        await AppendAsync(stays, 1);
        Assert.Equal(1, await sequencer.RunRoundAsync(Cancellation));
        await TestDatabase.RunAsync(database.Superuser, $"delete from audit.pending where tenant_id = '{left.Value}'");
    }

    [Fact]
    public async Task An_append_that_is_rolled_back_never_was()
    {
        var tenant = database.NewTenant();
        await using (var session = database.Open(tenant))
        {
            await session.BeginAsync(Cancellation);
            await AppendAsync(session, 1);
            await session.RollbackAsync(Cancellation);
        }

        await AppendAsync(tenant, 1);
        await database.SequenceAsync(Cancellation);
        Assert.Equal(1, (await LogAsync(tenant)).Size);
    }

    [Fact]
    public async Task Another_node_waits_its_turn_and_goes_on_where_the_first_stopped()
    {
        var tenant = database.NewTenant();
        var (one, other) = (database.NewSequencer(), database.NewSequencer());
        for (var round = 0; round < 6; round++)
        {
            await AppendAsync(tenant, 100);
            Assert.NotNull(await (round % 2 == 0 ? one : other).RunRoundAsync(Cancellation));
        }

        var (entries, root, size) = await LogAsync(tenant);
        Assert.Equal(600, size);
        Assert.Equal(NaiveTree.Root(entries.Select(entry => Hash(entry.Leaf)).ToArray()), root);
    }

    [Theory]
    [InlineData(SequencerStep.Began)]
    [InlineData(SequencerStep.TookPending)]
    [InlineData(SequencerStep.Computed)]
    [InlineData(SequencerStep.WroteTiles)]
    [InlineData(SequencerStep.WroteHeads)]
    [InlineData(SequencerStep.Committed)]
    internal async Task A_round_that_breaks_at_any_step_happened_wholly_or_not_at_all(SequencerStep step)
    {
        var tenant = database.NewTenant();
        await AppendAsync(tenant, 200);
        await database.SequenceAsync(Cancellation);
        await AppendAsync(tenant, 200);
        var breaking = database.NewSequencer(witness: new Breaking(step));
        await Assert.ThrowsAsync<IOException>(() => breaking.RunRoundAsync(Cancellation));
        Assert.Equal(step == SequencerStep.Committed ? 400 : 200, (await LogAsync(tenant)).Size);

        // The same sequencer, which must not trust what it computed, and then another.
        await Assert.ThrowsAsync<IOException>(() => breaking.RunRoundAsync(Cancellation));
        await database.SequenceAsync(Cancellation);
        var (entries, root, size) = await LogAsync(tenant);
        Assert.Equal(400, size);
        Assert.Equal(400, entries.Select(entry => entry.Id).Distinct().Count());
        Assert.Equal(NaiveTree.Root(entries.Select(entry => Hash(entry.Leaf)).ToArray()), root);
    }

    [Fact]
    public async Task A_damaged_log_waits_and_holds_nobody_else_up()
    {
        var (damaged, healthy) = (database.NewTenant(), database.NewTenant());
        await AppendAsync(damaged, 10);
        await database.SequenceAsync(Cancellation);
        await AuditDatabase.RunAsync(database.Superuser, $"update audit.heads set root = sha256('x') where tenant_id = '{damaged}'");

        var sequencer = database.NewSequencer();
        await AppendAsync(damaged, 10);
        await AppendAsync(healthy, 10);
        await sequencer.RunRoundAsync(Cancellation);
        Assert.Equal([damaged.Value], sequencer.Damaged);
        Assert.Equal(10, (await LogAsync(healthy)).Size);
        Assert.Equal(10L, await AuditDatabase.ScalarAsync(database.Superuser, $"select sum(octet_length(hashes) / 32) from audit.pending where tenant_id = '{damaged}'"));
        Assert.Equal(0, await sequencer.RunRoundAsync(Cancellation));
        await AuditDatabase.RunAsync(database.Superuser, $"delete from audit.pending where tenant_id = '{damaged}'");
    }

    [Fact]
    public async Task A_round_takes_no_more_than_it_may_but_always_something()
    {
        var tenant = database.NewTenant();
        await AppendAsync(tenant, 256);
        await AppendAsync(tenant, 256);
        var sequencer = database.NewSequencer(new SequencerOptions { RoundEntries = 100 });
        Assert.Equal(256, await sequencer.RunRoundAsync(Cancellation));
        Assert.Equal(256, await sequencer.RunRoundAsync(Cancellation));
        Assert.Equal(0, await sequencer.RunRoundAsync(Cancellation));
    }

    /// <summary>A hurried round may pass by a row that lies out of the way; the next that finds nothing takes it.</summary>
    [Fact]
    public async Task What_lies_before_the_place_of_a_hurried_round_is_taken_when_nothing_else_is_there()
    {
        var (early, late) = (database.NewTenant(), database.NewTenant());
        var sequencer = database.NewSequencer(time: TimeProvider.System);
        await database.SequenceAsync(Cancellation);
        await using var slow = database.Open(early);
        await slow.BeginAsync(Cancellation);
        await AppendAsync(slow, 1);
        // Enough to fill blocks behind the one that waits.
        for (var n = 0; n < 40; n++) await AppendAsync(late, 256);
        await sequencer.RunRoundAsync(Cancellation, hurried: true);
        await slow.CommitAsync(Cancellation);
        await AppendAsync(late, 1);
        for (var round = 0; round < 3; round++) await sequencer.RunRoundAsync(Cancellation, hurried: true);
        Assert.Equal(1, (await LogAsync(early)).Size);
        Assert.Equal((40 * 256) + 1, (await LogAsync(late)).Size);
        Assert.Equal(0L, await AuditDatabase.ScalarAsync(database.Superuser, "select count(*) from audit.pending"));
    }

    [Theory]
    [InlineData("'00000000-0000-7000-8000-000000000001', '\\x00'")]
    [InlineData("'00000000-0000-7000-8000-000000000000', '\\x'")]
    [InlineData("'00000000-0000-7000-8000-000000000000', decode(repeat('00', 31), 'hex')")]
    [InlineData("'00000000-0000-7000-8000-000000000000', decode(repeat('00', 8224), 'hex')")]
    public async Task A_planted_append_that_is_none_holds_up_nobody_but_its_log(string row)
    {
        var (planted, healthy) = (database.NewTenant(), database.NewTenant());
        await AuditDatabase.RunAsync(database.Superuser, $"insert into audit.pending (tenant_id, append_id, hashes) values ('{planted}', {row})");
        await AppendAsync(healthy, 3);
        var sequencer = database.NewSequencer();
        await sequencer.RunRoundAsync(Cancellation);
        Assert.Equal([planted.Value], sequencer.Damaged);
        Assert.Equal(3, (await LogAsync(healthy)).Size);
        await AuditDatabase.RunAsync(database.Superuser, $"delete from audit.pending where tenant_id = '{planted}'");
    }

    /// <summary>What a round computed and didn't commit must not be taken for the log, even where it has the same root.</summary>
    [Fact]
    public async Task A_broken_round_leaves_nothing_in_memory()
    {
        var tenant = database.NewTenant();
        byte[] leaf = [7, 7, 7];
        var (lost, kept) = (AppendId.At(database.Time.GetUtcNow()), AppendId.At(database.Time.GetUtcNow()));
        await AppendAsync(tenant, lost, [leaf]);
        var once = new Breaking(SequencerStep.WroteHeads) { Times = 1 };
        var sequencer = database.NewSequencer(witness: once);
        await Assert.ThrowsAsync<IOException>(() => sequencer.RunRoundAsync(Cancellation));
        await AuditDatabase.RunAsync(database.Superuser, $"update audit.pending set append_id = '{kept.Value}'; update audit.entries set append_id = '{kept.Value}' where tenant_id = '{tenant}'");
        await database.NewSequencer().RunRoundAsync(Cancellation);
        await AppendAsync(tenant, 255);
        await sequencer.RunRoundAsync(Cancellation);
        Assert.Equal(kept.Entry(0), (await LogAsync(tenant)).Entries[0].Id);
    }

    [Fact]
    public async Task An_edge_in_memory_counts_only_where_its_root_is_the_heads()
    {
        var tenant = database.NewTenant();
        var (one, other) = (database.NewSequencer(), database.NewSequencer());
        await AppendAsync(tenant, 1);
        await one.RunRoundAsync(Cancellation);
        foreach (var table in new[] { "entries", "tails", "heads" })
            await AuditDatabase.RunAsync(database.Superuser, $"delete from audit.{table} where tenant_id = '{tenant}'");
        await AppendAsync(tenant, 1);
        await other.RunRoundAsync(Cancellation);
        await AppendAsync(tenant, 1);
        await one.RunRoundAsync(Cancellation);
        var (entries, root, size) = await LogAsync(tenant);
        Assert.Equal(2, size);
        Assert.Equal(NaiveTree.Root(entries.Select(entry => Hash(entry.Leaf)).ToArray()), root);
    }

    private static byte[] Hash(byte[] leaf) => SHA256.HashData([0, .. leaf]);

    private async Task<List<Guid>> AppendAsync(TenantId tenant, int count)
    {
        await using var session = database.Open(tenant);
        return await AppendAsync(session, count);
    }

    private async Task AppendAsync(TenantId tenant, AppendId append, byte[][] leaves)
    {
        await using var session = database.Open(tenant);
        await session.ExecuteAsync("select audit.append($1, $2, $3, $4)", [tenant.Value, append.Value, leaves, leaves], Cancellation);
    }

    private static async Task<List<Guid>> AppendAsync(TenantSession session, int count)
    {
        var append = AppendId.At(session.Now);
        await session.ExecuteAsync(
            "select audit.append($1, $2, $3, $4)",
            [session.Scope.Tenant.Value, append.Value,
                Enumerable.Range(0, count).Select(_ => RandomNumberGenerator.GetBytes(40)).ToArray(), Enumerable.Repeat(new byte[] { 1 }, count).ToArray()],
            Cancellation);
        return [.. Enumerable.Range(0, count).Select(append.Entry)];
    }

    private async Task<(List<(Guid Id, byte[] Leaf)> Entries, byte[] Root, long Size)> LogAsync(TenantId tenant)
    {
        await using var session = database.Open(tenant);
        var head = await TenantLog.HeadAsync(session, Cancellation);
        var entries = new List<(Guid, byte[])>();
        await foreach (var entry in TenantLog.EntriesAsync(session, 0, head!.Size, Cancellation))
        {
            Assert.Equal(entries.Count, entry.Index);
            entries.Add((entry.Id, entry.Leaf!));
        }

        return (entries, head.Root.ToArray(), head.Size);
    }

    private sealed class Breaking(SequencerStep at) : ISequencerWitness
    {
        public int Times { get; set; } = int.MaxValue;

        public void Reached(SequencerStep step)
        {
            if (step == at && Times-- > 0)
                throw new IOException("The process was killed here.");
        }
    }
}
