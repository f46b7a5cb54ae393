using Npgsql;

namespace Vouchsafe.Postgres.Linting;

/// <summary>Reads the catalogue for anything through which one tenant could reach or notice another. Any login can run it; it changes nothing.</summary>
public static class TenancyLinter
{
    private static readonly LintRule[] Rules = [.. TableRules.All, .. CodeRules.All, .. RoleRules.All, .. LimitRules.All];

    /// <summary>The names of the rules that read the catalogue, and of the one that reads connection strings.</summary>
    public static IReadOnlyList<string> RuleNames { get; } = [.. Rules.Select(rule => rule.Name), ConnectionStringRule.Name];

    /// <returns>The findings, ordered by rule and object; none where the schema is sound.</returns>
    public static async Task<List<LintFinding>> LintAsync(string connectionString, CancellationToken cancellationToken)
    {
        var findings = ConnectionStringRule.Lint(connectionString);
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return [.. findings, .. await LintAsync(connection, cancellationToken)];
    }

    /// <param name="connection">Open, with no transaction.</param>
    public static async Task<List<LintFinding>> LintAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        // One snapshot for all rules; and expressions print the schema of each name that isn't the system's.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("begin isolation level repeatable read read only"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("set local search_path = pg_catalog"));
        foreach (var rule in Rules)
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"{Catalogue.Views} select object, message from ({rule.Query}) as found (object, message) order by object"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));

        var findings = new List<LintFinding>();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var rule in Rules)
        {
            while (await reader.ReadAsync(cancellationToken))
                findings.Add(new LintFinding(rule.Name, reader.GetString(0), reader.GetString(1), rule.Remedy));
            await reader.NextResultAsync(cancellationToken);
        }

        return findings;
    }
}
