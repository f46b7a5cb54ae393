using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Postgres.Linting;
using Vouchsafe.Postgres.Roles;
using Vouchsafe.Postgres.Sealing;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Postgres.Checks;

/// <summary>Control <c>tenancy.row-security</c>: the catalogue is sound, and without a tenant every table answers nothing and takes nothing.</summary>
public sealed class RowSecurityCheck(DatabaseOptions options, IDatabase database, IContextKeys keys, LintBaseline baseline) : ICheck
{
    public string Control => "tenancy.row-security";

    public Vantage Vantage => Vantage.Inside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        var report = await TenancyLinter.LintAsync(options.App, baseline, cancellationToken);
        if (LintEvidence.Broken(report) is { } broken)
            return broken;

        // Something must be there that could be seen.
        await Canaries.PlantAsync(database, cancellationToken);
        await using var login = await AppLogin.OpenAsync(options, keys, baseline.Manifest, cancellationToken);
        var seen = new JsonObject { ["tables"] = login.Tables.Count, ["rules"] = TenancyLinter.RuleNames.Count, ["unseen"] = LintEvidence.Unseen(report) };
        foreach (var table in login.Tables.Select(table => table.Name))
        {
            var read = await login.TryAsync(null, $"select 1 from {table} limit 1", cancellationToken);
            if (read.Failed)
                return Finding.Broken($"{table} can't be read by the application's login, which is to read it ({read.SqlState}).", seen);
            if (read.Rows > 0)
                return Finding.Broken($"{table} shows rows to a query without a tenant.", seen);
            var write = await login.TryAsync(null, $"insert into {table} default values", cancellationToken);
            if (!write.Failed)
                return Finding.Broken($"{table} takes a row from a statement without a tenant.", seen);
            var delete = await login.TryAsync(null, $"delete from {table}", cancellationToken);
            if (delete.Rows > 0)
                return Finding.Broken($"{table} loses rows to a statement without a tenant.", seen);
        }

        return Finding.Held($"{login.Tables.Count} tenant tables are under forced row-level security with the one policy; without a tenant they answer nothing and take nothing. Every object of the schemas is as the migrations made it.", seen);
    }
}
