using Vouchsafe.Audit.Checks;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Sequencing;
using Vouchsafe.Audit.Tests.Databases;
using Vouchsafe.Audit.Tests.Exports;
using Vouchsafe.Audit.Tests.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Databases;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Exports;
using Vouchsafe.Transparency.Trees;
using Xunit;

namespace Vouchsafe.Audit.Tests.Strict;

/// <summary>In strict mode an entry is part of its log before its transaction ends, and the log is the same that the sequencer would have made.</summary>
public sealed class StrictMode : IAsyncLifetime
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    private readonly AuditDatabase database = new() { Trail = new AuditOptions { Strict = true } };
    private TenantId tenant;

    public async ValueTask InitializeAsync()
    {
        await database.InitializeAsync();
        tenant = database.NewTenant();
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task An_entry_has_its_index_in_its_own_transaction_and_none_when_that_is_rolled_back()
    {
        await using var session = database.Open(tenant);
        await session.BeginAsync(Stop);
        var first = await session.RecordAsync(Event(0), Stop);
        Assert.Equal(0, await EntryIndex.FindAsync(session, first, Stop));
        await session.CommitAsync(Stop);
        await session.BeginAsync(Stop);
        var gone = await session.RecordAsync(Event(1), Stop);
        Assert.Equal(1, await EntryIndex.FindAsync(session, gone, Stop));
        await session.RollbackAsync(Stop);
        Assert.Equal(1, (await TenantLog.HeadAsync(session, Stop))!.Size);
        var next = await session.RecordAsync(Event(2), Stop);
        Assert.Equal(1, await EntryIndex.FindAsync(session, next, Stop));
        await VerifyAsync(2);
    }

    /// <summary>Past the first tile of level 1, in appends of many sizes, the root is RFC 6962's after each of them.</summary>
    [Fact]
    public async Task The_tree_is_the_standard_s()
    {
        await using var session = database.Open(tenant);
        await database.Get<TrailWriter>().OpenAsync(tenant, Stop);
        var random = new Random(6962);
        var hashes = new List<Digest>();
        while (hashes.Count < 66_000)
        {
            var count = random.Next(4) == 0 ? 1 : random.Next(1, 257);
            var leaves = Enumerable.Range(0, count).Select(_ => RandomLeaf(random)).ToArray();
            await AppendAsync(session, leaves);
            hashes.AddRange(leaves.Select(leaf => TreeHash.Leaf(leaf)));
            if (hashes.Count is < 1_200 or > 65_000)
                Assert.Equal(TreeEdge.Empty.Append(hashes.ToArray()).Edge.Head, (await TenantLog.HeadAsync(session, Stop))!.Tree);
        }

        await SweepAsync(hashes.Count);
    }

    /// <summary>While nodes are being switched over, one appends strictly and another leaves its entries to the sequencer.</summary>
    [Fact]
    public async Task It_shares_a_log_with_the_sequencer()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async writer =>
        {
            for (var n = 0; n < 60; n++)
            {
                await using var session = database.Open(tenant);
                if (writer % 2 == 0)
                {
                    await session.RecordAsync(Event(n), Stop);
                }
                else
                {
                    await AppendAsync(session, [[(byte)writer, (byte)n]], function: "append");
                    await database.Get<Sequencer>().RunRoundAsync(Stop);
                }
            }
        }));
        await database.SequenceAsync(Stop);
        Assert.Empty(database.Get<Sequencer>().Damaged);
        await SweepAsync(360);
    }

    [Fact]
    public async Task Many_writers_leave_no_gap()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var n = 0; n < 50; n++)
            {
                await using var session = database.Open(tenant);
                await session.RecordAsync(Event(n), Stop);
            }
        }));
        await VerifyAsync(400);
    }

    [Theory]
    [InlineData("delete from audit.frontiers")]
    [InlineData("update audit.frontiers set nodes = set_byte(nodes, 3, 255 - get_byte(nodes, 3))")]
    [InlineData("update audit.frontiers set size = size - 1")]
    [InlineData("update audit.frontiers set nodes = nodes || nodes")]
    public async Task What_it_remembers_is_made_anew_where_it_does_not_fit(string damage)
    {
        await RecordAsync(700);
        await TestDatabase.RunAsync(database.Superuser, damage);
        await RecordAsync(2);
        await VerifyAsync(702);
    }

    [Theory]
    [InlineData("update audit.heads set root = set_byte(root, 3, 255 - get_byte(root, 3))")]
    [InlineData("update audit.heads set size = size - 1")]
    [InlineData("delete from audit.tails; delete from audit.frontiers")]
    public async Task A_log_that_somebody_damaged_takes_nothing_more(string damage)
    {
        await RecordAsync(300);
        await TestDatabase.RunAsync(database.Superuser, damage);
        await using var session = database.Open(tenant);
        await Assert.ThrowsAnyAsync<DatabaseException>(() => session.RecordAsync(Event(0), Stop));
        Assert.False((await database.Check<ImmutableCheck>().RunAsync(null!, Stop)).Holds);
    }

    [Fact]
    public async Task A_foreign_log_is_refused_and_a_log_that_nobody_opened()
    {
        var other = database.NewTenant();
        await RecordAsync(1);
        await using var session = database.Open(tenant);
        var append = AppendId.At(session.Now).Value;
        await Assert.ThrowsAsync<DatabaseRefusedException>(() => session.ExecuteAsync(
            "select audit.append_indexed($1, $2, $3, $4)", [other.Value, append, new[] { new byte[] { 1 } }, new[] { new byte[] { 1 } }], Stop));
        await using var fresh = database.Open(other);
        await Assert.ThrowsAnyAsync<DatabaseException>(() => AppendAsync(fresh, [[1]]));
        await VerifyAsync(1);
    }

    [Fact]
    public async Task An_append_of_another_shape_is_refused()
    {
        await RecordAsync(1);
        await using var session = database.Open(tenant);
        byte[][] one = [[1]];
        (Guid, object, object)[] shapes =
        [
            (AppendId.At(session.Now).Entry(1), one, one), (AppendId.At(session.Now).Value, Array.Empty<byte[]>(), Array.Empty<byte[]>()),
            (AppendId.At(session.Now).Value, one, new byte[][] { [1], [2] }), (AppendId.At(session.Now).Value, new byte[]?[] { null }, one),
            (AppendId.At(session.Now).Value, Enumerable.Repeat<byte[]>([1], 257).ToArray(), Enumerable.Repeat<byte[]>([1], 257).ToArray()),
        ];
        foreach (var (id, leaves, sealedParts) in shapes)
            await Assert.ThrowsAnyAsync<DatabaseException>(() => session.ExecuteAsync("select audit.append_indexed($1, $2, $3, $4)", [tenant.Value, id, leaves, sealedParts], Stop));
        await VerifyAsync(1);
    }

    [Fact]
    public async Task The_check_tells_where_entries_come_later_than_promised()
    {
        await RecordAsync(1);
        var check = database.Check<ImmutableCheck>();
        Assert.True((await check.RunAsync(null!, Stop)).Holds);
        var sound = (string)(await TestDatabase.ScalarAsync(database.Superuser, "select pg_get_functiondef('audit.append_indexed(uuid, uuid, bytea[], bytea[])'::regprocedure)"))!;
        await TestDatabase.RunAsync(database.Superuser,
            "create or replace function audit.append_indexed(p_tenant uuid, p_append uuid, p_leaves bytea[], p_sealed bytea[]) returns bigint language plpgsql security definer set search_path = pg_catalog, pg_temp as "
            + "$$ begin perform audit.append(p_tenant, p_append, p_leaves, p_sealed); return 0; end $$");
        var finding = await check.RunAsync(null!, Stop);
        Assert.False(finding.Holds);
        Assert.Contains("not part of its log", finding.Message, StringComparison.Ordinal);
        await TestDatabase.RunAsync(database.Superuser, sound);
        Assert.True((await check.RunAsync(null!, Stop)).Holds);
    }

    private static AuditEvent Event(int n) => new("order.created", new AuditField("n", $"{n}"));

    private async Task RecordAsync(int count)
    {
        await using var session = database.Open(tenant);
        await session.RecordManyAsync([.. Enumerable.Range(0, count).Select(Event)], Stop);
    }

    /// <summary>Nothing waits for the sequencer, the export verifies, and the check is green.</summary>
    private async Task VerifyAsync(int entries)
    {
        Assert.Equal(0L, await TestDatabase.ScalarAsync(database.Superuser, "select count(*) from audit.pending"));
        await using var export = await TakenExport.OfAsync(database, tenant, null, Stop);
        var report = await ExportVerifier.VerifyAsync(export, new ExportTrust(), Stop);
        Assert.Equal((ExportVerdict.Valid, entries), (report.Verdict, (int)report.Entries));
        var finding = await database.Check<ImmutableCheck>().RunAsync(null!, Stop);
        Assert.True(finding.Holds, finding.Message);
    }

    /// <summary>Rows, tiles and head agree on so many entries.</summary>
    private async Task SweepAsync(int entries)
    {
        await using var session = database.Open(tenant);
        var head = (await TenantLog.HeadAsync(session, Stop))!;
        Assert.Equal(entries, head.Size);
        await WholeLog.AssertAsync(session, database.Get<EntryOpener>(), Stop, strange: true);
    }

    private Task AppendAsync(Vouchsafe.Postgres.Sessions.TenantSession session, byte[][] leaves, string function = "append_indexed") => session.ExecuteAsync(
        $"select audit.{function}($1, $2, $3, $4)", [session.Scope.Tenant.Value, AppendId.At(session.Now).Value, leaves, leaves], Stop);

    private static byte[] RandomLeaf(Random random)
    {
        var leaf = new byte[random.Next(1, 60)];
        random.NextBytes(leaf);
        return leaf;
    }
}
