using Npgsql;

namespace Vouchsafe.Postgres.Linting;

/// <summary>A context for whole sessions on connections that aren't reset bleeds to the next user of the connection.</summary>
internal static class ConnectionStringRule
{
    internal const string Name = "context.session";

    internal static List<LintFinding> Lint(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        return builder.Options?.Contains("vouchsafe.", StringComparison.OrdinalIgnoreCase) == true
            ? [new LintFinding(Name, builder.Username ?? "", builder.NoResetOnClose
                ? "The connection string sets a tenant context for whole sessions, and No Reset On Close hands it to the next user."
                : "The connection string sets a tenant context for whole sessions.", "Take it out of Options: a TenantSession sets the context for one transaction.")]
            : [];
    }
}
