using System.CommandLine;
using Npgsql;
using Vouchsafe.Postgres.Linting;

namespace Vouchsafe.Cli.Tenancy;

/// <summary><c>vouchsafe tenancy lint --connection …</c>: looks through a database's catalogue for ways from one tenant to another.</summary>
internal static class TenancyCommand
{
    public static Command Create(TextWriter output, TextWriter errors)
    {
        var connection = new Option<string>("--connection") { Description = "an Npgsql connection string; any login will do, nothing is changed", Required = true };
        var lint = new Command("lint", "List what lets one tenant reach another's rows") { connection };
        lint.SetAction((parsed, cancellationToken) => LintAsync(parsed.GetValue(connection)!, output, errors, cancellationToken));
        return new Command("tenancy", "Look at the isolation of tenants") { lint };
    }

    internal static async Task<int> LintAsync(string connection, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        List<LintFinding> findings;
        try
        {
            findings = await TenancyLinter.LintAsync(connection, cancellationToken);
        }
        catch (Exception unusable) when (unusable is NpgsqlException or ArgumentException or TimeoutException)
        {
            // The driver's messages name host and login; never the password.
            await errors.WriteLineAsync($"The database can't be looked at: {unusable.Message}");
            return ExitCode.Unable;
        }
        foreach (var finding in findings) await output.WriteLineAsync(finding.ToString());
        await output.WriteLineAsync(findings.Count == 0 ? $"No finding by {TenancyLinter.RuleNames.Count} rules." : $"{findings.Count} findings.");
        return findings.Count == 0 ? ExitCode.Good : ExitCode.Bad;
    }
}
