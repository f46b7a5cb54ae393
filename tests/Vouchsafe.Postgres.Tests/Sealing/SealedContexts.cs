using System.Globalization;
using Npgsql;
using Vouchsafe.Postgres.Sealing;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Postgres.Tests.Sealing;

/// <summary>What the functions of the context answer, and what they keep to themselves.</summary>
public sealed class SealedContexts(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Guid Actor = Guid.Parse("0193aaaa-0000-7000-8000-0000000000aa");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_context_says_whose_tenant_and_who_acts_to_its_last_bit()
    {
        var tenant = database.NewTenant();
        await using var app = await OpenAsync(database);
        var context = Context(app, 1, tenant, TimeSpan.FromMinutes(1));
        Assert.Equal((tenant.Value, Actor), await AskAsync(app, context));

        for (var bit = 0; bit < context.Length / 2 * 8; bit++)
        {
            var bytes = Convert.FromHexString(context);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal((null, null), await AskAsync(app, Convert.ToHexStringLower(bytes)));
        }
    }

    [Fact]
    public async Task A_context_that_has_run_out_says_nothing()
    {
        await using var app = await OpenAsync(database);
        Assert.Equal((null, null), await AskAsync(app, Context(app, 1, database.NewTenant(), TimeSpan.FromMilliseconds(-1))));
        Assert.Equal((null, null), await AskAsync(app, ""));
    }

    [Fact]
    public async Task A_context_runs_out_inside_an_open_transaction_too()
    {
        await using var app = await OpenAsync(database);
        await using var transaction = await app.BeginTransactionAsync(Cancel);
        DateTimeOffset begun, later;
        await using (var ask = new NpgsqlCommand("select now(), clock_timestamp()", app))
        await using (var reader = await ask.ExecuteReaderAsync(Cancel))
        {
            await reader.ReadAsync(Cancel);
            (begun, later) = (reader.GetFieldValue<DateTimeOffset>(0), reader.GetFieldValue<DateTimeOffset>(1));
        }

        // Ahead when the transaction began, past when the next statement begins.
        Assert.True(later > begun);
        var tenant = database.NewTenant();
        Assert.Equal((null, null), await AskAsync(app, Context(app, 1, tenant, later)));
        Assert.Equal(tenant.Value, (await AskAsync(app, Context(app, 1, tenant, TimeSpan.FromMinutes(1)))).Tenant);
        await transaction.RollbackAsync(Cancel);
    }

    [Fact]
    public async Task A_context_is_good_on_the_connection_it_was_sealed_for_alone()
    {
        await using var app = await OpenAsync(database);
        await using var other = await OpenAsync(database);
        var context = Context(app, 1, database.NewTenant(), TimeSpan.FromMinutes(1));
        Assert.NotNull((await AskAsync(app, context)).Tenant);
        Assert.Equal((null, null), await AskAsync(other, context));
    }

    /// <summary>An error would tell: conditions that are leakproof run before the policy, so that it is raised where a foreign row meets them and not elsewhere.</summary>
    [Theory]
    [InlineData("'zz'")]
    [InlineData("''")]
    [InlineData("'abc'")]
    [InlineData("repeat('f', 145)")]
    [InlineData("repeat('g', 146)")]
    [InlineData("repeat('F', 146)")]
    [InlineData("repeat('f', 146)")]
    [InlineData("repeat('ff', 1000000)")]
    public async Task What_is_no_context_is_no_tenant_and_no_error(string value)
    {
        await using var app = await OpenAsync(database);
        await RunAsync(app, $"select vouchsafe.enter({value})");
        foreach (var question in new[] { "current_tenant() is null", "current_actor() is null", "may_see(gen_random_uuid(), '{}') is not true" })
        {
            await using var batch = new NpgsqlBatch(app) { BatchCommands = { new($"select vouchsafe.enter({value})"), new($"select vouchsafe.{question}") } };
            await using var reader = await batch.ExecuteReaderAsync(Cancel);
            await reader.NextResultAsync(Cancel);
            Assert.True(await reader.ReadAsync(Cancel) && reader.GetBoolean(0), question);
        }
    }

    [Fact]
    public async Task A_read_only_context_is_good_only_while_the_transaction_is_read_only()
    {
        await using var app = await OpenAsync(database);
        var tenant = database.NewTenant();
        var context = Context(app, 1, tenant, TimeSpan.FromMinutes(1), readOnly: true);
        Assert.Equal((null, null), await AskAsync(app, context));
        Assert.Equal((tenant.Value, Actor), await AskAsync(app, context, "enter_read_only"));
        // A reader can't cut the flag off, nor make its own transaction READ WRITE again and keep the context.
        await using var transaction = await app.BeginTransactionAsync(Cancel);
        Assert.Equal((null, null), await AskAsync(app, context));
        await RunAsync(app, "set transaction read only");
        Assert.Equal((tenant.Value, Actor), await AskAsync(app, context));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => RunAsync(app, "set transaction read write"));
        Assert.Equal(PostgresErrorCodes.ActiveSqlTransaction, refused.SqlState);
    }

    [Theory, InlineData("current_tenant"), InlineData("current_actor"), InlineData("may_see")]
    public async Task No_parallel_worker_asks_for_the_context(string function)
    {
        await using var owner = new NpgsqlConnection(database.Owner);
        await owner.OpenAsync(Cancel);
        await using var ask = new NpgsqlCommand("select proparallel from pg_proc where oid = any (array(select oid from pg_proc where proname = $1))", owner) { Parameters = { new() { Value = function } } };
        Assert.Equal('r', await ask.ExecuteScalarAsync(Cancel));
    }

    [Fact]
    public async Task A_session_that_was_open_verifies_with_the_keys_there_are()
    {
        await using var own = await TestDatabase.MakeAsync();
        var tenant = own.NewTenant();
        await using var app = await OpenAsync(own);
        var (first, second) = (Context(app, 1, tenant, TimeSpan.FromMinutes(1)), Context(app, 2, tenant, TimeSpan.FromMinutes(1)));
        Assert.Equal(tenant.Value, (await AskAsync(app, first)).Tenant);
        Assert.Null((await AskAsync(app, second)).Tenant);

        Assert.Equal(2, await SealKeyTable.RotateAsync(own.Owner, own.Keys, Cancel));
        Assert.Equal(tenant.Value, (await AskAsync(app, first)).Tenant);
        Assert.Equal(tenant.Value, (await AskAsync(app, second)).Tenant);

        Assert.Empty(await SealKeyTable.RetireAsync(own.Owner, Cancel));
        await TestDatabase.RunAsync(own.Owner, "update vouchsafe.seal_keys set active_from = active_from - interval '1 hour'");
        Assert.Equal([(short)1], await SealKeyTable.RetireAsync(own.Owner, Cancel));
        Assert.Null((await AskAsync(app, first)).Tenant);
        Assert.Equal(tenant.Value, (await AskAsync(app, second)).Tenant);
    }

    [Theory, InlineData("current_tenant()"), InlineData("current_actor()"), InlineData("may_see('0193aaaa-0000-7000-8000-0000000000aa', '{}')")]
    public async Task The_keys_do_not_show_in_the_plans_that_a_login_may_ask_for(string function)
    {
        await using var app = await OpenAsync(database);
        var notices = new List<string>();
        app.Notice += (_, told) => notices.Add(told.Notice.MessageText + told.Notice.Detail);
        await RunAsync(app, "set client_min_messages = log");
        await RunAsync(app, "set debug_pretty_print = off");
        await RunAsync(app, "set debug_print_plan = on");
        await using (var transaction = await app.BeginTransactionAsync(Cancel))
        {
            await RunAsync(app, $"select vouchsafe.enter('{Context(app, 1, database.NewTenant(), TimeSpan.FromMinutes(1))}')");
            await RunAsync(app, $"select vouchsafe.{function}");
            await transaction.RollbackAsync(Cancel);
        }

        var (inner, outer) = SealKeyTable.Pads(database.Keys.Derive(1));
        var shown = Flat(notices);
        // The plan of the outer statement is shown: so would the inner one be.
        Assert.Contains("PLANNEDSTMT", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(AsPlansWriteIt(inner), shown, StringComparison.Ordinal);
        Assert.DoesNotContain(AsPlansWriteIt(outer), shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_would_write_a_key_as_this_test_looks_for_it()
    {
        var (inner, _) = SealKeyTable.Pads(database.Keys.Derive(1));
        await using var owner = new NpgsqlConnection(database.Owner + ";Include Error Detail=true");
        await owner.OpenAsync(Cancel);
        var notices = new List<string>();
        owner.Notice += (_, told) => notices.Add(told.Notice.MessageText + told.Notice.Detail);
        await RunAsync(owner, "set client_min_messages = log; set debug_pretty_print = off; set debug_print_plan = on");
        await RunAsync(owner, $"select '\\x{Convert.ToHexStringLower(inner)}'::bytea");
        Assert.Contains(AsPlansWriteIt(inner), Flat(notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_on_the_callers_path_are_not_looked_at()
    {
        await using var own = await TestDatabase.MakeAsync();
        await TestDatabase.RunAsync(own.Superuser,
            """
            create schema trap;
            grant usage on schema trap to vouchsafe_app;
            create function trap.yes(bytea, bytea) returns boolean language sql immutable as 'select true';
            create operator trap.= (leftarg = bytea, rightarg = bytea, function = trap.yes);
            create operator trap.> (leftarg = bytea, rightarg = bytea, function = trap.yes);
            create function trap.sha256(bytea) returns bytea language sql immutable as $$ select ''::bytea $$;
            """);
        await using var app = await OpenAsync(own);
        await RunAsync(app, "set search_path = trap, pg_catalog");
        var tenant = own.NewTenant();
        var forged = Context(app, 1, tenant, TimeSpan.FromMinutes(1))[..^2] + "00";
        Assert.Equal((null, null), await AskAsync(app, forged));
        Assert.Equal((null, null), await AskAsync(app, Context(app, 1, tenant, TimeSpan.FromMinutes(-1))));
        Assert.Equal(tenant.Value, (await AskAsync(app, Context(app, 1, tenant, TimeSpan.FromMinutes(1)))).Tenant);
    }

    private string Context(NpgsqlConnection connection, short key, TenantId tenant, TimeSpan goodFor, bool readOnly = false) =>
        Context(connection, key, tenant, TimeProvider.System.GetUtcNow() + goodFor, readOnly);

    private string Context(NpgsqlConnection connection, short key, TenantId tenant, DateTimeOffset expiry, bool readOnly = false) =>
        ContextSealer.Seal(database.Keys.Derive(key), tenant.Value, Actor, OwnerReach.Own, readOnly, connection.ProcessID, expiry);

    /// <summary>Plan trees write a constant as its bytes, in decimal.</summary>
    private static string AsPlansWriteIt(byte[] key) => string.Join(' ', key.Select(octet => ((sbyte)octet).ToString(CultureInfo.InvariantCulture)));

    /// <summary>Without the lines that long plans are broken into.</summary>
    private static string Flat(IEnumerable<string> notices) => string.Join(' ', string.Join(' ', notices).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static async Task<NpgsqlConnection> OpenAsync(TestDatabase database)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.App) { Pooling = false, MaxAutoPrepare = 0, IncludeErrorDetail = true }.ConnectionString);
        await connection.OpenAsync(Cancel);
        return connection;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private static async Task<(Guid? Tenant, Guid? Actor)> AskAsync(NpgsqlConnection app, string context, string function = "enter")
    {
        await using var batch = new NpgsqlBatch(app)
        {
            BatchCommands =
            {
                new($"select vouchsafe.{function}($1)") { Parameters = { new() { Value = context } } },
                new("select vouchsafe.current_tenant(), vouchsafe.current_actor()"),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(Cancel);
        await reader.NextResultAsync(Cancel);
        await reader.ReadAsync(Cancel);
        return (reader.IsDBNull(0) ? null : reader.GetGuid(0), reader.IsDBNull(1) ? null : reader.GetGuid(1));
    }
}
