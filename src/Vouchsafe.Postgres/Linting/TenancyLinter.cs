using Npgsql;
using Vouchsafe.Postgres.Linting.Manifests;
using Vouchsafe.Postgres.Roles;

namespace Vouchsafe.Postgres.Linting;

/// <summary>Reads the catalogue for anything through which one tenant could reach or notice another. Any login can run it; it changes nothing.</summary>
public static class TenancyLinter
{
    /// <summary>What a rule looks at can't be read; nothing after it was looked at either.</summary>
    internal const string Blind = "lint.blind";

    internal const string NoRole = "role.missing";

    // A statement for each: what rules share is planned and computed once in it.
    private static readonly (string About, LintRule[] Rules)[] Groups =
    [
        ("tables", TableRules.All), ("views and functions", CodeRules.All), ("roles", [.. RoleRules.All, .. LimitRules.All]), ("statistics", StatisticsRules.All),
        ("the server", [.. ServerRules.All, .. BuiltinRules.All]),
    ];

    internal static IReadOnlyList<LintRule> Rules { get; } = [.. Groups.SelectMany(group => group.Rules)];

    private static readonly string[] Statements = [.. Groups.Select(group => Catalogue.Statement(group.Rules))];

    private static readonly string[] RoleSettingTexts = [.. DatabaseRoles.All.SelectMany(role => SessionLimits.OfRole(role).Select(setting => $"{role} {setting.Name}={setting.Value}"))];

    /// <summary>The names of all rules.</summary>
    public static IReadOnlyList<string> RuleNames { get; } =
        [.. ManifestComparison.Rules, ExtensionMembers.Name, .. Rules.Select(rule => rule.Name), ServerDigest.Name, SealKeyRule.Name, ConnectionStringRule.Name, Blind, NoRole];

    public static async Task<LintReport> LintAsync(string connectionString, LintBaseline baseline, CancellationToken cancellationToken)
    {
        var findings = ConnectionStringRule.Lint(connectionString);
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        // One snapshot for all rules.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var report = await LintAsync(connection, baseline, cancellationToken);
        return report with { Findings = [.. findings, .. report.Findings] };
    }

    /// <param name="connection">In a transaction, which it leaves open.</param>
    internal static async Task<LintReport> LintAsync(NpgsqlConnection connection, LintBaseline baseline, CancellationToken cancellationToken)
    {
        var findings = new List<LintFinding>();
        var unseen = new List<string>();
        var looking = "the catalogue";
        try
        {
            if (await MissingRolesAsync(connection, cancellationToken) is { Count: > 0 } missing)
                return new LintReport(missing, ["everything else: the rules are about these logins", .. OutsideDatabase]);
            var inventory = await InventoryAsync(connection, baseline, cancellationToken);
            findings.AddRange(ExtensionMembers.Compare(ExtensionMembers.TakeFrom(inventory), baseline.KnownExtensions, unseen));
            looking = "vouchsafe.context_source";
            findings.AddRange(ManifestComparison.Compare(await Inventory.WithoutKeysAsync(inventory, connection, baseline.Manifest.Objects, cancellationToken), baseline, unseen));
            string stamp;
            await using (var batch = new NpgsqlBatch(connection))
            {
                foreach (var command in Commands(baseline))
                    batch.BatchCommands.Add(command);
                batch.BatchCommands.Add(new NpgsqlBatchCommand(ServerStamp.Query));
                await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
                foreach (var (about, rules) in Groups)
                {
                    looking = about;
                    while (await reader.ReadAsync(cancellationToken))
                    {
                        var rule = rules[reader.GetInt32(0)];
                        findings.Add(new LintFinding(rule.Name, reader.GetString(1), reader.GetString(2), rule.Remedy));
                    }

                    await reader.NextResultAsync(cancellationToken);
                }

                looking = ServerDigest.Name;
                await reader.ReadAsync(cancellationToken);
                stamp = reader.GetString(0);
            }

            if (!ServerDigest.Knows(connection.PostgreSqlVersion.Major))
                unseen.Add($"whether PostgreSQL {connection.PostgreSqlVersion.Major}'s own objects are as they were made (no hash of that version is known)");
            else if (!ServerStamp.Matches(connection, stamp))
            {
                var wrong = await ServerDigest.LintAsync(connection, baseline.KnownServerHashes, cancellationToken);
                findings.AddRange(wrong);
                if (wrong is [])
                    ServerStamp.Remember(connection, stamp);
            }

            looking = SealKeyRule.Name;
            if (baseline.Keys is null)
                unseen.Add("the keys that verify contexts (no key store was given)");
            else if (inventory.ContainsKey("function vouchsafe.seal_key_fingerprints()"))
                findings.AddRange(await SealKeyRule.LintAsync(connection, baseline.Keys, cancellationToken));
        }
        // Classes 42 (no right, no such thing), 22 (data) and P0 (raised): the catalogue isn't as it can be read. Others, a server that goes down, are no finding.
        catch (PostgresException refused) when (refused.SqlState[..2] is "42" or "22" or "P0")
        {
            findings.Add(new LintFinding(Blind, looking, $"It can't be looked at ({refused.SqlState}: {refused.MessageText}), and nothing after it was.",
                "Give back the right to read the catalogue, or what was taken out of it, or lint with another login."));
        }

        unseen.AddRange(OutsideDatabase);
        return new LintReport(findings, unseen);
    }

    private static readonly string[] OutsideDatabase =
    [
        "who may connect from where (pg_hba.conf)", "the server's binary and the libraries it loads", "copies of the cluster: physical replicas, backups, files",
    ];

    private static async Task<List<LintFinding>> MissingRolesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var missing = new List<LintFinding>();
        await using var command = new NpgsqlCommand("select name from unnest($1) name where name not in (select rolname from pg_catalog.pg_roles) order by 1", connection)
        {
            Parameters = { new() { Value = DatabaseRoles.All.ToArray() } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            missing.Add(new LintFinding(NoRole, reader.GetString(0), "The login doesn't exist.", "Run the bootstrap, as a superuser, and then the migrations."));
        return missing;
    }

    private static async Task<Dictionary<string, CatalogueObject>> InventoryAsync(NpgsqlConnection connection, LintBaseline baseline, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        // Expressions then print the schema of each name that isn't the server's, and nothing temporary shadows the server's tables.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("set local search_path = pg_catalog, pg_temp"));
        // The statements are large and their answers small: compiling them would take longer than running them.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("set local jit = off"));
        foreach (var command in Inventory.Commands(baseline))
            batch.BatchCommands.Add(command);
        Dictionary<string, CatalogueObject> inventory;
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
            inventory = await Inventory.ReadAsync(reader, cancellationToken);
        return await Inventory.WithTreeHashesAsync(inventory, connection, cancellationToken);
    }

    internal static IEnumerable<NpgsqlBatchCommand> Commands(LintBaseline baseline) => Statements.Select(statement => new NpgsqlBatchCommand(statement)
    {
        Parameters =
        {
            new() { Value = baseline.KnownRoles.Except(DatabaseRoles.All).ToArray() },
            new() { Value = ExtensionMembers.Names(baseline.KnownExtensions) },
            new() { Value = ClosedFunctions.Pattern([.. ClosedFunctions.ByUs, .. ClosedFunctions.ByServer]) },
            new() { Value = RoleSettingTexts },
        },
    });
}
