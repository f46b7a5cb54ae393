using System.CommandLine;
using Npgsql;
using Vouchsafe.Postgres.Linting;
using Vouchsafe.Postgres.Linting.Manifests;

namespace Vouchsafe.Cli.Tenancy;

/// <summary><c>vouchsafe tenancy lint</c> looks through a database's catalogue for ways from one tenant to another; <c>vouchsafe tenancy manifest</c> writes what it is held to.</summary>
internal static class TenancyCommand
{
    public static Command Create(TextWriter output, TextWriter errors)
    {
        var connection = new Option<string>("--connection")
        {
            Description = "an Npgsql connection string without a password; any login will do, nothing is changed", Required = true,
        };
        var password = new Option<string?>("--password-file") { Description = "a file that holds the password; else PGPASSWORD or PGPASSFILE" };
        var manifests = new Option<string[]>("--manifest") { Description = "the host's manifest.json, repeated for more; those of Vouchsafe's modules are known" };
        var roles = new Option<string[]>("--known-role") { Description = "a superuser, backup or monitoring role that you account for, repeated for more; default postgres" };
        var extensions = new Option<string[]>("--known-extension") { Description = "an extension that you account for, repeated for more; default plpgsql" };
        var hashes = new Option<string[]>("--known-server-hash") { Description = "CATALOGUE=HASH of the server's own rows that you account for, as a finding of builtin.digest shows it" };
        var ignore = new Option<string?>("--ignore") { Description = "a file of schemas whose findings you accept for now, each with its reason" };
        var json = new Option<bool>("--json") { Description = "one object on standard output" };
        var reportOnly = new Option<bool>("--report-only") { Description = "end with 0 whatever is found: for a database that is being adopted" };

        var lint = new Command("lint", "List what lets one tenant reach another's rows") { connection, password, manifests, roles, extensions, hashes, ignore, json, reportOnly };
        lint.SetAction((parsed, cancellationToken) => LintAsync(
            new LintOptions(parsed.GetValue(connection)!)
            {
                PasswordFile = parsed.GetValue(password),
                Manifests = parsed.GetValue(manifests) ?? [],
                KnownRoles = parsed.GetValue(roles) is { Length: > 0 } known ? known : null,
                KnownExtensions = parsed.GetValue(extensions) is { Length: > 0 } accounted ? accounted : null,
                KnownServerHashes = parsed.GetValue(hashes) ?? [],
                IgnoreFile = parsed.GetValue(ignore),
                Json = parsed.GetValue(json),
                ReportOnly = parsed.GetValue(reportOnly),
            }, output, errors, cancellationToken));

        var manifest = new Command("manifest", "Write the manifest of a host's schema, from a database that its migrations alone made") { connection, password, extensions };
        manifest.SetAction((parsed, cancellationToken) => WriteManifestAsync(
            new LintOptions(parsed.GetValue(connection)!) { PasswordFile = parsed.GetValue(password), KnownExtensions = parsed.GetValue(extensions) is { Length: > 0 } accounted ? accounted : null },
            output, errors, cancellationToken));
        return new Command("tenancy", "Look at the isolation of tenants") { lint, manifest };
    }

    internal static Task<int> LintAsync(LintOptions options, TextWriter output, TextWriter errors, CancellationToken cancellationToken) => LookAsync(errors, async () =>
    {
        var ignored = options.IgnoreFile is { } file ? IgnoreList.Read(await File.ReadAllTextAsync(file, cancellationToken)) : IgnoreList.Nothing;
        var connection = await options.ConnectionStringAsync(cancellationToken);
        var baseline = await KnownModules.BaselineAsync(connection, options, cancellationToken);
        var report = LintText.Of(await TenancyLinter.LintAsync(connection, baseline, cancellationToken), ignored, options.ReportOnly);
        await output.WriteLineAsync(options.Json ? report.Json() : report.Plain());
        return report.Findings.Count == 0 || options.ReportOnly ? ExitCode.Good : ExitCode.Bad;
    });

    internal static Task<int> WriteManifestAsync(LintOptions options, TextWriter output, TextWriter errors, CancellationToken cancellationToken) => LookAsync(errors, async () =>
    {
        var connection = await options.ConnectionStringAsync(cancellationToken);
        var ours = await KnownModules.BaselineAsync(connection, options, cancellationToken);
        var all = await SchemaManifest.ReadAsync(connection, ours.KnownExtensions, cancellationToken);
        await output.WriteAsync(all.Since(ours.Manifest).ToJson());
        return ExitCode.Good;
    });

    private static async Task<int> LookAsync(TextWriter errors, Func<Task<int>> look)
    {
        try
        {
            return await look();
        }
        catch (Exception unusable) when (unusable is NpgsqlException or ArgumentException or TimeoutException or FormatException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // The driver's messages name host and login; never the password.
            await errors.WriteLineAsync($"The database can't be looked at: {unusable.Message}");
            return ExitCode.Unable;
        }
    }
}
