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
        var context = Context(1, tenant, TimeSpan.FromMinutes(1));
        await using var app = await OpenAsync(database);
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
        Assert.Equal((null, null), await AskAsync(app, Context(1, database.NewTenant(), TimeSpan.FromMilliseconds(-1))));
        Assert.Equal((null, null), await AskAsync(app, ""));
    }

    [Fact]
    public async Task A_session_that_was_open_verifies_with_the_keys_there_are()
    {
        await using var own = await TestDatabase.MakeAsync();
        var tenant = own.NewTenant();
        var (first, second) = (Context(1, tenant, TimeSpan.FromMinutes(1)), Context(2, tenant, TimeSpan.FromMinutes(1)));
        await using var app = await OpenAsync(own);
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
            await RunAsync(app, $"select set_config('vouchsafe.context', '{Context(1, database.NewTenant(), TimeSpan.FromMinutes(1))}', true)");
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
        var forged = Context(1, tenant, TimeSpan.FromMinutes(1))[..^2] + "00";
        Assert.Equal((null, null), await AskAsync(app, forged));
        Assert.Equal((null, null), await AskAsync(app, Context(1, tenant, TimeSpan.FromMinutes(-1))));
        Assert.Equal(tenant.Value, (await AskAsync(app, Context(1, tenant, TimeSpan.FromMinutes(1)))).Tenant);
    }

    private string Context(short key, TenantId tenant, TimeSpan goodFor) =>
        ContextSealer.Seal(database.Keys.Derive(key), tenant.Value, Actor, OwnerReach.Own, TimeProvider.System.GetUtcNow() + goodFor);

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

    private static async Task<(Guid? Tenant, Guid? Actor)> AskAsync(NpgsqlConnection app, string context)
    {
        await using var batch = new NpgsqlBatch(app)
        {
            BatchCommands =
            {
                new("select pg_catalog.set_config('vouchsafe.context', $1, true)") { Parameters = { new() { Value = context } } },
                new("select vouchsafe.current_tenant(), vouchsafe.current_actor()"),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(Cancel);
        await reader.NextResultAsync(Cancel);
        await reader.ReadAsync(Cancel);
        return (reader.IsDBNull(0) ? null : reader.GetGuid(0), reader.IsDBNull(1) ? null : reader.GetGuid(1));
    }
}
