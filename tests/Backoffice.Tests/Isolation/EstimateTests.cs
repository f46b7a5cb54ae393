using System.Text.Json;
using Backoffice.Tests.Databases;
using Npgsql;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Backoffice.Tests.Isolation;

/// <summary>EXPLAIN, asked by the application's login, tells nothing of any tenant: neither how many rows it has nor what is in them.</summary>
public sealed class EstimateTests(BackofficeDatabase database) : IClassFixture<BackofficeDatabase>
{
    private const string Large = "018f0000-0000-7000-8000-00000000000a", Small = "018f0000-0000-7000-8000-00000000000b";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Estimates_are_the_same_for_values_that_another_tenant_has_and_for_values_that_nobody_has()
    {
        await SeedAsync();
        await using var attacker = new NpgsqlConnection(database.App);
        await attacker.OpenAsync(Cancel);

        // With the statistics that PostgreSQL keeps unasked, the attack works.
        await TestDatabase.RunAsync(database.Superuser, "alter table backoffice.customers alter tenant_id set statistics -1, alter email set statistics -1; analyze backoffice.customers");
        Assert.Equal(480, await RowsAsync(attacker, $"select from backoffice.customers where tenant_id = '{Large}'"));
        Assert.NotEqual(await AmplifiedAsync(attacker, "t.email < 'person100'"), await AmplifiedAsync(attacker, "t.email < 'person999'"));

        // Declaring the table again takes them away.
        await TestDatabase.RunAsync(database.Owner, "call vouchsafe.tenant_table('backoffice.customers')");
        await TestDatabase.RunAsync(database.Superuser, "analyze");
        Assert.Equal(
            await RowsAsync(attacker, "select from backoffice.customers where tenant_id = '0f0e0d0c-0b0a-4908-8706-050403020100'"),
            await RowsAsync(attacker, $"select from backoffice.customers where tenant_id = '{Large}'"));

        var told = new List<string>();
        foreach (var (table, column, type) in await ColumnsAsync())
        {
            if (Nobodys(type) is not { } nobodys)
                continue;
            var foreign = (string?)await TestDatabase.ScalarAsync(database.Superuser, $"select ({column})::text from {table} where tenant_id = '{Large}' and {column} is not null limit 1");
            Assert.True(foreign is not null || column == "cancels_id", $"{table}.{column} has no row to find");
            if (foreign is null)
                continue;
            foreach (var form in Forms(type))
            {
                string Of(string value) => $"select from {table} where " + form.Replace("{c}", column, StringComparison.Ordinal).Replace("{v}", $"'{value.Replace("'", "''", StringComparison.Ordinal)}'::{type}", StringComparison.Ordinal);
                if (await PlanAsync(attacker, Of(foreign)) != await PlanAsync(attacker, Of(nobodys)))
                    told.Add($"{table}.{column}: {form}");
            }
        }

        Assert.Empty(told);
    }

    [Fact]
    public async Task The_check_sees_statistics_that_somebody_switched_on()
    {
        await SeedAsync();
        var check = new Vouchsafe.Postgres.Checks.DataLayerCheck(database.Options, database.Database, database.Keys, database.Baseline);
        Assert.True((await check.RunAsync(null!, Cancel)).Holds);
        foreach (var column in new[] { "email", "phone", "version", "tenant_id" })
        {
            await TestDatabase.RunAsync(database.Superuser, $"alter table backoffice.customers alter {column} set statistics 100; analyze backoffice.customers");
            var broken = await check.RunAsync(null!, Cancel);
            Assert.False(broken.Holds);
            Assert.Contains($"backoffice.customers, t.{column}", broken.Message, StringComparison.Ordinal);
            // Switched off again they are still there: what ANALYZE counted stays.
            await TestDatabase.RunAsync(database.Superuser, $"alter table backoffice.customers alter {column} set statistics 0; analyze backoffice.customers");
            Assert.False((await check.RunAsync(null!, Cancel)).Holds);
            await TestDatabase.RunAsync(database.Owner, "call vouchsafe.tenant_table('backoffice.customers')");
            Assert.True((await check.RunAsync(null!, Cancel)).Holds);
        }

        await TestDatabase.RunAsync(database.Superuser, "create index customers_by_lower on backoffice.customers (tenant_id, lower(email)); analyze backoffice.customers");
        Assert.Contains("lower(email)", (await check.RunAsync(null!, Cancel)).Message, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => TestDatabase.RunAsync(database.Owner, "call vouchsafe.tenant_table('backoffice.customers')"));
        Assert.Contains("create it anew", refused.MessageText, StringComparison.Ordinal);
        await TestDatabase.RunAsync(database.Superuser, "drop index backoffice.customers_by_lower");
    }

    private async Task SeedAsync()
    {
        if (await TestDatabase.ScalarAsync(database.Superuser, $"select 1 from backoffice.customers where tenant_id = '{Large}' limit 1") is not null)
            return;
        var tenant = new Vouchsafe.Postgres.Tenancy.TenantId(Guid.Parse(Large));
        await database.CustomerAsync(BackofficeDatabase.AdministratorOf(tenant, database.NewUser()));
        await TestDatabase.RunAsync(database.Superuser,
            $"""
            create temporary view sizes as values ('{Large}'::uuid, 479), ('{Small}'::uuid, 3), ('018f0000-0000-7000-8000-00000000000c'::uuid, 20);
            insert into backoffice.number_series select column1, s, 7 from sizes, unnest(array['orders', 'invoices-2026']) s on conflict do nothing;
            insert into backoffice.customers (tenant_id, customer_id, name, contact_name, email, phone, street, postal_code, city, country, vat_number, created_at, changed_at)
            select column1, md5('c' || column1 || n)::uuid, 'Customer ' || n, 'Person ' || n, 'person' || n || '@' || right(column1::text, 1) || '.example', '+372 ' || n, 'Street ' || n, n::text, 'Tartu', 'EE', 'EE' || n, now() - n * interval '1 h', now()
            from sizes, generate_series(1, column2) n;
            insert into backoffice.orders (tenant_id, order_id, owner_id, number, customer_id, state, currency, reference, net, vat, ordered_on, created_at, changed_at)
            select column1, md5('o' || column1 || n)::uuid, md5('u' || column1)::uuid, n, md5('c' || column1 || n)::uuid, case when n % 3 = 0 then 'draft' else 'confirmed' end, 'EUR', 'ref ' || n, n, 0, '2026-01-01'::date + n, now() - n * interval '1 h', now()
            from sizes, generate_series(1, column2) n;
            insert into backoffice.order_lines (tenant_id, order_id, position, owner_id, description, quantity, unit, unit_price, vat_rate)
            select column1, md5('o' || column1 || n)::uuid, p, md5('u' || column1)::uuid, 'Thing ' || n, n, 'h', n, 24 from sizes, generate_series(1, column2) n, generate_series(1, 3) p;
            insert into backoffice.invoices (tenant_id, invoice_id, owner_id, number, kind, order_id, customer_id, customer, currency, net, vat, gross, issued_on, due_on, issued_at, document)
            select column1, md5('i' || column1 || n)::uuid, md5('u' || column1)::uuid, 'INV-2026-' || lpad(n::text, 5, '0'), 'invoice', md5('o' || column1 || n)::uuid, md5('c' || column1 || n)::uuid, 'Customer ' || n, 'EUR', n, 0, n, '2026-01-01'::date + n, '2026-02-01'::date + n, now(), '{"{}"}'
            from sizes, generate_series(1, column2) n;
            insert into vouchsafe.canaries select column1, md5('y' || n)::uuid, md5('u' || n)::uuid, '{"{}"}', 'mark ' || n from sizes, generate_series(1, column2) n;
            insert into vouchsafe.canary_notes select column1, md5('y' || n)::uuid, md5('z' || n)::uuid from sizes, generate_series(1, column2) n;
            insert into audit.entries (tenant_id, append_id, leaves, sealed) select column1, md5('e' || column1 || n)::uuid, array['\x01'::bytea], array['\x02'::bytea] from sizes, generate_series(1, column2) n;
            """);
        await TestDatabase.RunAsync(database.Superuser, "analyze");
    }

    private async Task<List<(string Table, string Column, string Type)>> ColumnsAsync()
    {
        var columns = new List<(string, string, string)>();
        await using var connection = new NpgsqlConnection(database.Superuser);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(
            """
            select a.attrelid::regclass::text, quote_ident(a.attname), format_type(a.atttypid, null) from pg_attribute a join pg_class c on c.oid = a.attrelid
            where obj_description(c.oid, 'pg_class') ~ '^vouchsafe:(tenant|owned)' and a.attnum > 0 and not a.attisdropped order by 1, a.attnum
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        while (await reader.ReadAsync(Cancel))
            columns.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        return columns;
    }

    private static string? Nobodys(string type) => type switch
    {
        "uuid" => "ffffffff-ffff-4fff-8fff-ffffffffffff",
        "text" => "zzz nobody",
        "bigint" or "integer" or "numeric" => "987654321",
        "smallint" => "32000",
        "date" => "2199-01-01",
        "timestamp with time zone" => "2199-01-01",
        "uuid[]" => "{ffffffff-ffff-4fff-8fff-ffffffffffff}",
        "bytea[]" => "{\"\\\\xff\"}",
        "jsonb" => "{\"nobody\": 1}",
        _ => null,
    };

    private static IEnumerable<string> Forms(string type)
    {
        string[] forms = ["{c} = {v}", "{c} <> {v}", "{c} < {v}", "{c} > {v}", "{c} between {v} and {v}", "{c} in ({v})", "{c} = any (array[{v}])", "coalesce({c} = {v}, true)"];
        return type == "text" ? [.. forms, "{c} like {v}", "{c} like {v} || '%'", "lower({c}) = {v}"] : type is "uuid[]" or "bytea[]" ? forms.Where(form => !form.Contains("any", StringComparison.Ordinal)) : forms;
    }

    private static async Task<long> RowsAsync(NpgsqlConnection attacker, string sql)
    {
        using var plan = JsonDocument.Parse(await ExplainAsync(attacker, sql));
        return plan.RootElement[0].GetProperty("Plan").GetProperty("Plan Rows").GetInt64();
    }

    private static Task<long> AmplifiedAsync(NpgsqlConnection attacker, string condition) =>
        RowsAsync(attacker, $"select from generate_series(1, 1000000) g left join backoffice.customers t on true where ({condition} or g is null)");

    /// <summary>The plan without the value that was asked for.</summary>
    private static async Task<string> PlanAsync(NpgsqlConnection attacker, string sql)
    {
        var plan = await ExplainAsync(attacker, sql);
        return string.Join('\n', plan.Split('\n').Where(line => !line.Contains("Cond\"", StringComparison.Ordinal) && !line.Contains("Filter\"", StringComparison.Ordinal)));
    }

    private static async Task<string> ExplainAsync(NpgsqlConnection attacker, string sql)
    {
        await using var command = new NpgsqlCommand("explain (format json) " + sql, attacker);
        return (string)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
