using System.Text.Json.Nodes;
using Npgsql;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Postgres.Linting;
using Vouchsafe.Postgres.Roles;
using Vouchsafe.Postgres.Sealing;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Postgres.Checks;

/// <summary>
/// Control <c>tenancy.data-layer</c>: with the application's own login and any SQL, one tenant can't read, write, reference or detect another's rows,
/// not by forging, replaying or bending the context, and not by stepping out of the login.
/// </summary>
public sealed class DataLayerCheck(DatabaseOptions options, IDatabase database, IContextKeys keys, LintBaseline baseline) : ICheck
{
    private static readonly (string What, string Sql)[] Escapes =
    [
        ("read the keys of the contexts in vouchsafe.seal_keys", "select inner_pad from vouchsafe.seal_keys"),
        ("read the keys of the contexts by their functions", "select vouchsafe.inner_pad(1), vouchsafe.outer_pad(1)"),
        ("write the keys of the contexts in vouchsafe.seal_keys", "update vouchsafe.seal_keys set active_from = now()"),
        ("become vouchsafe_owner", "set local role vouchsafe_owner"),
        ("become vouchsafe_platform", "set local role vouchsafe_platform"),
        ("switch row-level security off", "alter table vouchsafe.canaries disable row level security"),
        ("replace current_tenant()", "create or replace function vouchsafe.current_tenant() returns uuid language sql as 'select null::uuid'"),
        ("make a temporary table", "create temporary table canaries (tenant_id uuid)"),
        ("make a table", "create table vouchsafe.loot (tenant_id uuid)"),
        ("empty a table", "truncate vouchsafe.canaries cascade"),
    ];

    public string Control => "tenancy.data-layer";

    public Vantage Vantage => Vantage.Inside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        await Canaries.PlantAsync(database, cancellationToken);
        await using var login = await AppLogin.OpenAsync(options, keys, baseline.Manifest, cancellationToken);
        var seen = new JsonObject { ["tables"] = login.Tables.Count };
        var wrong = await ForgedAsync(login, seen, cancellationToken)
            ?? await ReadAsync(login, cancellationToken)
            ?? await WriteAsync(login, cancellationToken)
            ?? await EscapeAsync(login, seen, cancellationToken)
            ?? await Traps.LeaveAsync(database, seen, cancellationToken)
            ?? await StoppingOthers.TryAsync(login, seen, cancellationToken)
            ?? await PlannerStatistics.TryAsync(login, seen, cancellationToken);
        if (wrong is not null)
            return Finding.Broken(wrong, seen);
        // Last, because an attack that works says more than the finding that explains it; and needed, because a trap may open for its maker alone.
        var report = await TenancyLinter.LintAsync(options.App, baseline, cancellationToken);
        if (LintEvidence.Broken(report) is { } broken)
            return broken;
        seen["unseen"] = LintEvidence.Unseen(report);
        return Finding.Held($"With the application's own login one tenant reached no row of another in {login.Tables.Count} tables: not by reading, writing, referring, probing, nor by {seen["forgeries"]} forged or expired contexts; and none of {seen["traps"]} traps reached the next session.", seen);
    }

    private static async Task<string?> ForgedAsync(AppLogin login, JsonObject seen, CancellationToken cancellationToken)
    {
        var count = 0;
        var forged = Forgeries.Of(login, Canaries.One, Canaries.Other).Select(forgery => ($"a forged context {forgery.Name}", forgery.Context))
            .Append(("an expired context", Forgeries.Expired(login, Canaries.Other)));
        foreach (var (name, context) in forged)
        {
            count++;
            if (await login.TryAsync(context, "select vouchsafe.current_tenant()", cancellationToken) is { First: Guid })
                return $"The database accepts {name}.";
            foreach (var table in login.Tables.Select(table => table.Name))
                if (await login.SeesAsync(context, table, "true", cancellationToken))
                    return $"{table} shows rows under {name}.";
        }

        count++;
        if (await login.AcceptsInsideTransactionAsync(Canaries.Other, cancellationToken))
            return "The database accepts an expired context inside an open transaction.";
        seen["forgeries"] = count;
        return null;
    }

    private static async Task<string?> ReadAsync(AppLogin login, CancellationToken cancellationToken)
    {
        var mine = login.Context(Canaries.One, Guid.Empty, OwnerReach.All, TimeSpan.FromMinutes(1));
        // Without this a database that answers nobody would pass.
        if (!await login.SeesAsync(mine, "vouchsafe.canaries", "tenant_id = $1", cancellationToken, Canaries.One.Value))
            return "A tenant doesn't see its own rows.";
        foreach (var table in login.Tables.Select(table => table.Name))
            if (await login.SeesAsync(mine, table, "tenant_id <> $1", cancellationToken, Canaries.One.Value))
                return $"{table} shows one tenant another's rows.";
        return null;
    }

    private static async Task<string?> WriteAsync(AppLogin login, CancellationToken cancellationToken)
    {
        var mine = login.Context(Canaries.One, Guid.Empty, OwnerReach.All, TimeSpan.FromMinutes(1));
        var theirs = Canaries.Private(Canaries.Other);
        var nobodys = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        Task<Outcome> Try(string sql, params object[] args) => login.TryAsync(mine, sql, cancellationToken, args);

        if ((await Try("update vouchsafe.canaries set mark = 'taken' where tenant_id = $1", Canaries.Other.Value)).Rows > 0)
            return "One tenant changed another's rows.";
        if ((await Try("delete from vouchsafe.canary_notes; delete from vouchsafe.canaries where tenant_id <> '" + Canaries.One + "'")).Rows > 0)
            return "One tenant deleted another's rows.";
        if (!(await Try("update vouchsafe.canaries set tenant_id = $1", Canaries.Other.Value)).Denied)
            return "One tenant moved its rows into another.";

        const string Insert = "insert into vouchsafe.canaries (tenant_id, canary_id, owner_id, mark) values ($1, $2, $2, 'x')";
        if (!(await Try(Insert, Canaries.Other.Value, nobodys)).Denied)
            return "One tenant wrote a row into another.";
        // Whether the foreign key is taken must make no difference.
        if (!(await Try(Insert + " on conflict do nothing", Canaries.Other.Value, theirs)).Denied)
            return "A conflict tells one tenant which rows another has.";
        if ((await Try(Insert, Canaries.One.Value, theirs)).Failed)
            return "A key that another tenant uses is taken: a conflict tells that its row exists.";

        const string Refer = "insert into vouchsafe.canary_notes (tenant_id, canary_id, note_id) values ($1, $2, $2)";
        var foreign = await Try(Refer, Canaries.One.Value, theirs);
        if (foreign.SqlState != PostgresErrorCodes.ForeignKeyViolation || foreign != await Try(Refer, Canaries.One.Value, nobodys))
            return "A foreign key reaches another tenant's row.";
        return null;
    }

    private static async Task<string?> EscapeAsync(AppLogin login, JsonObject seen, CancellationToken cancellationToken)
    {
        var mine = login.Context(Canaries.One, Guid.Empty, OwnerReach.All, TimeSpan.FromMinutes(1));
        foreach (var (what, sql) in Escapes)
            if (!(await login.TryAsync(mine, sql, cancellationToken)).Failed)
                return $"The application's login can {what}.";
        if ((await login.TryAsync(mine, "set local row_security = off; select 1 from vouchsafe.canaries where tenant_id = '" + Canaries.Other + "'", cancellationToken)).Rows > 0)
            return "The application's login steps past row-level security with row_security = off.";
        foreach (var (what, sql) in Traps.Refused)
            if (!(await login.TryAsync(mine, sql, cancellationToken)).Denied)
                return $"The application's login can {what}, and so leave a trap for the next session.";
        seen["escapes"] = Escapes.Length + Traps.Refused.Length + 1;
        return null;
    }
}
