using Npgsql;
using Vouchsafe.Postgres.Checks;
using Vouchsafe.Postgres.Linting;
using Vouchsafe.Postgres.Sealing;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Manifests.Tests.Plants;

/// <summary>The worst plants at work: the application's login, over the wire and without a context, reaches what it must not; the linter names the plant; undone, it reaches nothing.</summary>
public sealed class AttackTests(PlantedCluster cluster) : IClassFixture<PlantedCluster>, IAsyncLifetime
{
    private const string Customers = "select count(*) from backoffice.customers";
    private const string RestoredPolicy = "alter policy vouchsafe_tenant on backoffice.customers using (tenant_id = vouchsafe.current_tenant())";
    private const string Tenant = "00000000-0000-7000-8000-0000000000aa";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Rule, object, plant, what undoes it, what the attacker runs: it succeeds where it counts something.</summary>
    public static TheoryData<string, string, string, string, string> Attacks() => new()
    {
        {
            "manifest.changed", "function vouchsafe.current_tenant()",
            """
            do $$ begin
                execute format('create or replace function vouchsafe.current_tenant() returns uuid language plpgsql stable security definer set search_path = pg_catalog, pg_temp as %L',
                    replace(vouchsafe.context_source('current_tenant'), E'\nbegin\n', E'\nbegin\n    if current_setting(''x.b'', true) <> '''' then return current_setting(''x.b'')::uuid; end if;\n'));
            end $$;
            create or replace function vouchsafe.may_see(owner_id uuid, shared_with uuid[]) returns boolean language sql stable security definer as 'select true'
            """,
            "call vouchsafe.accept_seal_keys()", $"set x.b = '{Tenant}'; {Customers}"
        },
        {
            "manifest.changed", "function vouchsafe.current_tenant()",
            "create or replace function vouchsafe.current_tenant() returns uuid language plpgsql stable as $$ begin return current_setting('x.b', true)::uuid; end $$",
            "call vouchsafe.accept_seal_keys()", $"set x.b = '{Tenant}'; {Customers}"
        },
        {
            "manifest.changed", "table backoffice.customers",
            "comment on table backoffice.customers is 'vouchsafe:reference select'; alter table backoffice.customers disable row level security",
            "comment on table backoffice.customers is '{comment}'; alter table backoffice.customers enable row level security", Customers
        },
        { "table.row-security", "backoffice.customers", "alter table backoffice.customers disable row level security", "alter table backoffice.customers enable row level security", Customers },
        { "policy.other", "backoffice.customers wide", "create policy wide on backoffice.customers using (true)", "drop policy wide on backoffice.customers", Customers },
        {
            "policy.other", "backoffice.customers vouchsafe_tenant",
            "alter policy vouchsafe_tenant on backoffice.customers using (tenant_id = vouchsafe.current_tenant() or current_setting('x.b', true) = '1')",
            "alter policy vouchsafe_tenant on backoffice.customers using (tenant_id = vouchsafe.current_tenant())", $"set x.b = '1'; {Customers}"
        },
        {
            "function.definer-owner", "public.peek()",
            $"create function public.peek() returns bigint language sql stable security definer set search_path = pg_catalog, pg_temp as '{Customers}'; revoke all on function public.peek() from public; grant execute on function public.peek() to vouchsafe_app",
            "drop function public.peek()", "select public.peek()"
        },
        {
            "function.definer-owner", "pg_peek()", $"create function pg_catalog.pg_peek() returns bigint language sql stable security definer as '{Customers}'",
            "drop function pg_catalog.pg_peek()", "select pg_peek()"
        },
        { "view.owner-rights", "public.everyone", "create view public.everyone as select * from backoffice.customers; grant select on public.everyone to vouchsafe_app", "drop view public.everyone", "select count(*) from public.everyone" },
        {
            "view.materialised", "public.everyone", "create materialized view public.everyone as select * from backoffice.customers; grant select on public.everyone to vouchsafe_app",
            "drop materialized view public.everyone", "select count(*) from public.everyone"
        },
        { "role.bypass", "vouchsafe_app", "alter role vouchsafe_app bypassrls", "alter role vouchsafe_app nobypassrls", Customers },
        { "role.member", "vouchsafe_app in postgres", "grant postgres to vouchsafe_app", "revoke postgres from vouchsafe_app", $"set role postgres; {Customers}" },
        {
            "role.owner", "backoffice.customers", "alter table backoffice.customers owner to vouchsafe_app",
            "alter table backoffice.customers owner to vouchsafe_owner; alter table backoffice.customers enable row level security; set role vouchsafe_owner; call vouchsafe.tenant_table('backoffice.customers')",
            $"alter table backoffice.customers no force row level security; {Customers}"
        },
        { "function.key", "vouchsafe.inner_pad", "grant execute on function vouchsafe.inner_pad(integer) to vouchsafe_app; grant select on vouchsafe.seal_keys to vouchsafe_app",
            "revoke execute on function vouchsafe.inner_pad(integer) from vouchsafe_app; revoke select on vouchsafe.seal_keys from vouchsafe_app", "select octet_length(vouchsafe.inner_pad(1))" },
        { "builtin.open", "pg_read_file", "grant execute on function pg_catalog.pg_read_file(text) to vouchsafe_app", "revoke execute on function pg_catalog.pg_read_file(text) from vouchsafe_app", "select length(pg_read_file('PG_VERSION'))" },
        {
            "builtin.digest", "pg_proc",
            $"create or replace function information_schema._pg_interval_type(typid oid, mod int4) returns text language sql stable security definer set search_path = pg_catalog, pg_temp as '{Customers.Replace("count(*)", "count(*)::text", StringComparison.Ordinal)}'",
            """
            create or replace function information_schema._pg_interval_type(typid oid, mod int4) returns text language sql immutable parallel safe strict
            return case when $1 in (1186) then pg_catalog.upper(substring(pg_catalog.format_type($1, $2) similar 'interval[()0-9]* #"%#"' escape '#')) else null end
            """,
            "select coalesce(information_schema._pg_interval_type(0, 0)::bigint, 0)"
        },
        {
            "manifest.unknown", "function backoffice.peek()",
            // It need not see past row-level security to read the keys.
            """
            set role vouchsafe_owner; create function backoffice.peek() returns bigint language sql stable security definer set search_path = pg_catalog, pg_temp as 'select count(inner_pad) from vouchsafe.seal_keys';
            grant execute on function backoffice.peek() to vouchsafe_app; reset role; alter extension plpgsql add function backoffice.peek()
            """,
            "alter extension plpgsql drop function backoffice.peek(); drop function backoffice.peek()", "select backoffice.peek()"
        },
        {
            "manifest.unknown", "view pg_loot.everyone",
            """
            set allow_system_table_mods = on; create schema pg_loot authorization vouchsafe_owner; create view pg_loot.everyone as select * from backoffice.customers;
            grant usage on schema pg_loot to vouchsafe_app; grant select on pg_loot.everyone to vouchsafe_app
            """,
            "set allow_system_table_mods = on; drop schema pg_loot cascade", "select count(*) from pg_loot.everyone"
        },
        {
            "manifest.unknown", "TOAST table backoffice.pg_toast_",
            "update pg_class set relnamespace = 'backoffice'::regnamespace, relname = 'pg_toast_loot', relacl = '{vouchsafe_app=r/vouchsafe_owner}' where oid = (select reltoastrelid from pg_class where oid = 'backoffice.customers'::regclass)",
            "update pg_class set relnamespace = 'pg_toast'::regnamespace, relname = 'pg_toast_' || 'backoffice.customers'::regclass::oid, relacl = null where oid = (select reltoastrelid from pg_class where oid = 'backoffice.customers'::regclass)",
            "select 1 + count(*) from backoffice.pg_toast_loot"
        },
        { "builtin.grant", "pg_authid to", "grant select on pg_catalog.pg_authid to vouchsafe_app", "revoke select on pg_catalog.pg_authid from vouchsafe_app", "select count(rolpassword) from pg_authid" },
    };

    public async ValueTask InitializeAsync() => await TestDatabase.RunAsync(cluster.Database.Superuser,
        $"""
        insert into backoffice.customers (tenant_id, customer_id, name, contact_name, email, phone, street, postal_code, city, country, vat_number, created_at, changed_at)
        values ('{Tenant}', '{Tenant}', 'Tamm', '', '', '', '', '', '', 'EE', '', now(), now()) on conflict do nothing
        """);

    public ValueTask DisposeAsync() => default;

    [Theory, MemberData(nameof(Attacks))]
    public async Task A_plant_works_is_named_and_undone(string rule, string what, string plant, string undo, string attack)
    {
        var comment = await TestDatabase.ScalarAsync(cluster.Database.Superuser, "select obj_description('backoffice.customers'::regclass, 'pg_class')");
        Assert.Equal(0, await AttackAsync(attack));
        await TestDatabase.RunAsync(cluster.Database.Superuser, plant);
        try
        {
            Assert.True(await AttackAsync(attack) > 0, "The plant does nothing, so finding it proves nothing.");
            var findings = await FindingsAsync();
            Assert.True(findings.Any(finding => finding.Rule == rule && finding.Object.Contains(what, StringComparison.Ordinal)), $"{rule}: {what} isn't among:\n{string.Join("\n", findings)}");
        }
        finally
        {
            await TestDatabase.RunAsync(cluster.Database.Superuser, undo.Replace("{comment}", (string)comment!, StringComparison.Ordinal));
        }

        Assert.Equal(0, await AttackAsync(attack));
        Assert.Empty(await FindingsAsync());
    }

    /// <summary>What the server prints of the policy stays as it was signed off.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_forged_policy_opens_the_others_rows_and_is_named(bool byOperator)
    {
        var other = cluster.Database.NewTenant();
        Assert.Equal(0, await CountAsync(other));
        await TestDatabase.RunAsync(cluster.Database.Superuser, byOperator ? TreePlants.OtherFunction : TreePlants.OpenPolicy);
        // Open sessions learn of it; and of a small table the rows are read, not an index, which goes by the operator and not by its function.
        await TestDatabase.RunAsync(cluster.Database.Superuser, "update pg_class set relname = relname where oid = 'backoffice.customers'::regclass; analyze backoffice.customers");
        try
        {
            Assert.True(await CountAsync(other) > 0, "The plant does nothing, so finding it proves nothing.");
            var findings = await FindingsAsync();
            Assert.Contains(findings, finding => finding is { Rule: "manifest.changed", Object: "policy backoffice.customers.vouchsafe_tenant" });
            Assert.Contains(findings, finding => finding is { Rule: "policy.other", Object: "backoffice.customers vouchsafe_tenant" });
        }
        finally
        {
            await TestDatabase.RunAsync(cluster.Database.Superuser, RestoredPolicy);
        }

        Assert.Equal(0, await CountAsync(other));
        Assert.Empty(await FindingsAsync());
    }

    [Fact]
    public async Task The_check_turns_red_where_no_list_of_places_would_look()
    {
        string[] hidden = ["pg_proc", "function backoffice.peek()", "view pg_loot.everyone", "TOAST table backoffice.pg_toast_"];
        var check = new RowSecurityCheck(cluster.Database.Options, cluster.Database.Database, cluster.Database.Keys, cluster.Database.Baseline);
        foreach (var (rule, what, plant, undo, _) in Attacks().Select(row => row.Data).Where(attack => hidden.Contains(attack.Item2)))
        {
            await TestDatabase.RunAsync(cluster.Database.Superuser, plant);
            var red = await check.RunAsync(null!, Stop);
            await TestDatabase.RunAsync(cluster.Database.Superuser, undo);
            Assert.False(red.Holds, what);
            Assert.Contains($"{rule}: {what}", red.Seen.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), StringComparison.Ordinal);
        }

        var green = await check.RunAsync(null!, Stop);
        Assert.True(green.Holds, green.Message);
    }

    [Fact]
    public async Task A_key_that_the_attacker_put_there_opens_every_tenant_and_is_named()
    {
        await TestDatabase.RunAsync(cluster.Database.Superuser,
            """
            insert into vouchsafe.seal_keys select 7, decode(repeat('36', 64), 'hex'), decode(repeat('5c', 64), 'hex'), now() - interval '10 years';
            call vouchsafe.accept_seal_keys()
            """);
        try
        {
            Assert.True(await ForgeAsync() > 0);
            Assert.Contains(await FindingsAsync(), finding => finding is { Rule: "context.seal-key", Object: "key 7" });
        }
        finally
        {
            await TestDatabase.RunAsync(cluster.Database.Superuser, "delete from vouchsafe.seal_keys where key_id = 7; call vouchsafe.accept_seal_keys()");
        }

        Assert.Equal(0, await ForgeAsync());
        Assert.Empty(await FindingsAsync());
    }

    /// <summary>What only postgresql.conf says.</summary>
    [Fact]
    public async Task A_setting_of_the_server_is_named()
    {
        await TestDatabase.RunAsync(cluster.Database.Superuser, "alter system set lo_compat_privileges = on");
        await TestDatabase.RunAsync(cluster.Database.Superuser, "select pg_reload_conf()");
        try
        {
            Assert.True(await WaitAsync(findings => findings.Any(finding => finding is { Rule: "setting.server", Object: "lo_compat_privileges" })));
        }
        finally
        {
            await TestDatabase.RunAsync(cluster.Database.Superuser, "alter system reset lo_compat_privileges");
            await TestDatabase.RunAsync(cluster.Database.Superuser, "select pg_reload_conf()");
        }

        Assert.True(await WaitAsync(findings => findings.Count == 0));
    }

    // The postmaster tells its children some milliseconds after the call; each look is a session of its own.
    private async Task<bool> WaitAsync(Func<IReadOnlyList<LintFinding>, bool> until)
    {
        for (var look = 0; look < 20; look++)
            if (until(await FindingsAsync()))
                return true;
        return false;
    }

    private async Task<IReadOnlyList<LintFinding>> FindingsAsync() => (await TenancyLinter.LintAsync(cluster.Database.App, cluster.Database.Baseline, Stop)).Findings;

    /// <summary>What the application's login counts, over a connection of its own and in a transaction that is rolled back; 0 where it is refused.</summary>
    private async Task<long> AttackAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        try
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return Convert.ToInt64(await command.ExecuteScalarAsync(Stop), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (PostgresException)
        {
            return 0;
        }
    }

    /// <summary>What the application sees in a tenant that has no customer.</summary>
    private async Task<long> CountAsync(TenantId tenant)
    {
        await using var session = cluster.Database.Database.Tenant(TestDatabase.ScopeOf(tenant));
        return await session.SingleOrDefaultAsync(Customers, [], row => row.GetInt64(0), Stop);
    }

    private async Task<long> ForgeAsync()
    {
        await using var connection = await OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        var context = ContextSealer.Seal(new byte[32], Guid.Parse(Tenant), Guid.Empty, OwnerReach.All, readOnly: false, connection.ProcessID, TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1));
        await using var enter = new NpgsqlCommand("select vouchsafe.enter($1)", connection) { Parameters = { new() { Value = context } } };
        await enter.ExecuteNonQueryAsync(Stop);
        await using var count = new NpgsqlCommand(Customers, connection);
        return (long)(await count.ExecuteScalarAsync(Stop))!;
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(cluster.Database.App) { Pooling = false, MaxAutoPrepare = 0 }.ConnectionString);
        await connection.OpenAsync(Stop);
        return connection;
    }
}
