using Npgsql;
using Vouchsafe.Postgres.Linting;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Postgres.Tests.Statistics;

public sealed class ShelfDatabase : TestDatabase;

/// <summary>A declared table has statistics of no column, however late it was declared and however it is built.</summary>
public sealed class ClosedStatistics(ShelfDatabase shelf) : IClassFixture<ShelfDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_counted_before_a_table_was_declared_goes()
    {
        await OwnAsync(
            """
            create schema late;
            create table late.parents (tenant_id uuid not null, id bigint not null, name varchar(40) collate "C" not null default 'x', price numeric(12, 2), tags text[], primary key (tenant_id, id));
            create table late.children (tenant_id uuid not null, id bigint not null, parent bigint not null, primary key (tenant_id, id), foreign key (tenant_id, parent) references late.parents (tenant_id, id));
            create index on late.parents (tenant_id, name);
            insert into late.parents select gen_random_uuid(), n, 'name ' || n, n, array['a'] from generate_series(1, 300) n;
            insert into late.children select tenant_id, id, id from late.parents;
            """);
        await OwnAsync("analyze late.parents, late.children");
        Assert.NotEqual(0L, await CountedAsync("late.parents"));
        await OwnAsync("call vouchsafe.tenant_table('late.parents', statistics => 'price'); call vouchsafe.tenant_table('late.children')");
        Assert.Equal(1L, await CountedAsync("late.parents"));
        Assert.Equal(0L, await CountedAsync("late.children"));
        Assert.Equal("character varying(40) C", await TestDatabase.ScalarAsync(shelf.Superuser,
            "select format_type(atttypid, atttypmod) || ' ' || (select collname from pg_collation where oid = attcollation) from pg_attribute where attrelid = 'late.parents'::regclass and attname = 'name'"));
        await OwnAsync("analyze late.parents, late.children");
        Assert.Equal(1L, await CountedAsync("late.parents"));
        Assert.DoesNotContain(await FindingsAsync(), finding => finding.Rule.StartsWith("statistics.", StringComparison.Ordinal) && finding.Object.StartsWith("late.", StringComparison.Ordinal));
        // A column that is no longer to be shared.
        await OwnAsync("call vouchsafe.tenant_table('late.parents')");
        Assert.Equal(0L, await CountedAsync("late.parents"));
        await OwnAsync("drop schema late cascade");
    }

    [Fact]
    public async Task Partitions_and_their_children_are_closed_too_also_those_that_come_later()
    {
        await OwnAsync(
            """
            create schema parts;
            create table parts.visits (tenant_id uuid not null, at date not null, page text not null, primary key (tenant_id, at)) partition by range (at);
            create table parts.visits_2026 partition of parts.visits for values from ('2026-01-01') to ('2027-01-01') partition by hash (tenant_id);
            create table parts.visits_2026_0 partition of parts.visits_2026 for values with (modulus 1, remainder 0);
            insert into parts.visits select gen_random_uuid(), '2026-05-05', 'page ' || n from generate_series(1, 300) n;
            call vouchsafe.tenant_table('parts.visits');
            """);
        await OwnAsync("analyze parts.visits, parts.visits_2026, parts.visits_2026_0");
        foreach (var table in new[] { "parts.visits", "parts.visits_2026", "parts.visits_2026_0" })
            Assert.Equal((table, 0L), (table, await CountedAsync(table)));
        // What can't be forgotten where it was counted is refused.
        await TestDatabase.RunAsync(shelf.Superuser, "alter table parts.visits alter at set statistics 100; analyze parts.visits");
        var counted = await Assert.ThrowsAsync<PostgresException>(() => OwnAsync("call vouchsafe.tenant_table('parts.visits')"));
        Assert.Contains("create the table anew", counted.MessageText, StringComparison.Ordinal);
        await OwnAsync("create table parts.visits_2027 partition of parts.visits for values from ('2027-01-01') to ('2028-01-01'); alter table parts.visits_2027 enable row level security, force row level security");
        var findings = await FindingsAsync();
        Assert.Contains(findings, finding => finding is { Rule: "statistics.column", Object: "parts.visits_2027.page" });
        await OwnAsync("drop schema parts cascade");
    }

    [Theory]
    [InlineData("tenant_id"), InlineData("id, tenant_id"), InlineData("nothing")]
    public async Task What_may_not_be_shared_is_refused(string shared)
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => OwnAsync(
            $"create schema s; create table s.t (tenant_id uuid not null, id bigint not null, primary key (tenant_id, id)); call vouchsafe.tenant_table('s.t', statistics => '{shared}')"));
        Assert.Equal("42P16", refused.SqlState);
    }

    [Fact]
    public async Task Extended_statistics_are_refused()
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => OwnAsync(
            "create schema s; create table s.t (tenant_id uuid not null, id bigint not null, primary key (tenant_id, id)); create statistics s.both on tenant_id, id from s.t; call vouchsafe.tenant_table('s.t')"));
        Assert.Contains("extended statistics", refused.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_that_ran_counts_no_foreign_rows_either()
    {
        // With an index that doesn't begin with the tenant it would: rows found by the value and removed by the policy.
        await OwnAsync("create schema hits; create table hits.t (tenant_id uuid not null, id bigint not null, email text not null, primary key (tenant_id, id)); insert into hits.t select gen_random_uuid(), n, 'p' || n from generate_series(1, 3000) n; call vouchsafe.tenant_table('hits.t')");
        await OwnAsync("create index by_email on hits.t (email)");
        Assert.Equal((1L, 0L), (await RemovedAsync("p7"), await RemovedAsync("nobody")));
        Assert.Contains(await FindingsAsync(), finding => finding is { Rule: "index.tenant-id", Object: "hits.t hits.by_email" });
        await OwnAsync("drop index hits.by_email; create index by_email on hits.t (tenant_id, email)");
        Assert.Equal(await RemovedAsync("nobody"), await RemovedAsync("p7"));
        await OwnAsync("drop schema hits cascade");
    }

    private async Task<long> RemovedAsync(string email)
    {
        var json = (string)(await TestDatabase.ScalarAsync(shelf.App + ";Options=-c enable_seqscan=off -c enable_bitmapscan=off -c enable_sort=off",
            $"explain (analyze, format json) select from hits.t where email between '{email}' and '{email}' order by email"))!;
        using var plan = System.Text.Json.JsonDocument.Parse(json);
        return plan.RootElement[0].GetProperty("Plan").TryGetProperty("Rows Removed by Filter", out var removed) ? removed.GetInt64() : 0;
    }

    private async Task<IReadOnlyList<LintFinding>> FindingsAsync() => (await TenancyLinter.LintAsync(shelf.App, shelf.Baseline, Cancel)).Findings;

    private Task OwnAsync(string sql) => TestDatabase.RunAsync(shelf.Owner, sql);

    private async Task<object?> CountedAsync(string table) => await TestDatabase.ScalarAsync(shelf.Superuser, $"select count(*) from pg_statistic where starelid = '{table}'::regclass");
}
