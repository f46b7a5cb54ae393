using Npgsql;
using Vouchsafe.Assurance;
using Vouchsafe.Audit;
using Vouchsafe.Edge;
using Vouchsafe.Identity;
using Vouchsafe.Mail;
using Vouchsafe.Postgres.Linting;
using Vouchsafe.Postgres.Linting.Manifests;
using Vouchsafe.Postgres.Migrations;
using Vouchsafe.Tenants;

namespace Vouchsafe.Cli.Tenancy;

/// <summary>The modules whose manifests the tool carries.</summary>
internal static class KnownModules
{
    private const string SchemaKey = "schema ";

    private static readonly MigrationSource[] All =
    [
        MigrationSource.Core, AuditServices.Migrations, new("edge", 20, typeof(EdgeModule).Assembly), MailServices.Migrations,
        new("identity", 30, typeof(IdentityModule).Assembly), new("tenants", 40, typeof(TenantsModule).Assembly), new("assurance", 50, typeof(AssuranceModule).Assembly),
    ];

    /// <summary>The schemas that are Vouchsafe's own.</summary>
    public static IReadOnlySet<string> Schemas { get; } = All.SelectMany(SchemasOf).ToHashSet(StringComparer.Ordinal);

    /// <summary>The manifests of the modules that are in the database, and of the host.</summary>
    /// <remarks>A module is in the database where one of its schemas is. The application itself knows which it has, and misses one that is gone.</remarks>
    public static async Task<LintBaseline> BaselineAsync(string connectionString, LintOptions options, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var ask = new NpgsqlCommand("select array(select quote_ident(nspname) from pg_catalog.pg_namespace)", connection);
        var there = (string[])(await ask.ExecuteScalarAsync(cancellationToken))!;
        var baseline = LintBaseline.Of(All.Where(module => SchemasOf(module).Intersect(there).Any()));
        foreach (var file in options.Manifests)
            baseline = baseline with { Manifest = baseline.Manifest.With(SchemaManifest.Parse(await File.ReadAllTextAsync(file, cancellationToken))) };
        return baseline with { KnownRoles = options.KnownRoles ?? baseline.KnownRoles, KnownExtensions = options.KnownExtensions ?? baseline.KnownExtensions, KnownServerHashes = options.KnownServerHashes };
    }

    private static IEnumerable<string> SchemasOf(MigrationSource module) =>
        (module.Manifest ?? SchemaManifest.Empty).Keys.Where(key => key.StartsWith(SchemaKey, StringComparison.Ordinal) && key != "schema public").Select(key => key[SchemaKey.Length..]);
}
