using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Vouchsafe.Postgres.Linting.Manifests;

namespace Vouchsafe.Postgres.Migrations;

/// <summary>The migrations of one module: the resources <c>NNN_name.sql</c> of its assembly.</summary>
/// <param name="Module">Its name, by which the database remembers what was applied.</param>
/// <param name="Order">Modules are applied from low to high: postgres 0, audit 10, edge 20, identity 30, tenants 40, assurance 50, host 100.</param>
public sealed partial record MigrationSource(string Module, int Order, Assembly Assembly)
{
    /// <summary>The core's own.</summary>
    public static MigrationSource Core { get; } = new("postgres", 0, typeof(MigrationSource).Assembly);

    /// <summary>What these migrations make, as it was signed off: the assembly's resource <c>manifest.json</c>. Null where there is none.</summary>
    public SchemaManifest? Manifest => SchemaManifest.Of(Assembly);

    internal List<Migration> Read()
    {
        var found = new List<Migration>();
        foreach (var resource in Assembly.GetManifestResourceNames())
        {
            var match = FileName().Match(resource);
            if (!match.Success)
                continue;
            using var stream = Assembly.GetManifestResourceStream(resource)!;
            using var reader = new StreamReader(stream, Encoding.UTF8);
            var sql = reader.ReadToEnd().ReplaceLineEndings("\n");
            found.Add(new Migration(Module, int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture), match.Groups["name"].Value, sql,
                SHA256.HashData(Encoding.UTF8.GetBytes(sql))));
        }

        found.Sort((one, other) => one.Number.CompareTo(other.Number));
        for (var at = 1; at < found.Count; at++)
            if (found[at].Number == found[at - 1].Number)
                throw new MigrationException(MigrationProblem.Ambiguous, $"Module {Module} has two migrations with the number {found[at].Number}.");
        return found;
    }

    [GeneratedRegex(@"(^|\.)(?<number>[0-9]{3})_(?<name>[a-z0-9_-]+)\.sql$", RegexOptions.CultureInvariant)]
    private static partial Regex FileName();
}

internal sealed record Migration(string Module, int Number, string Name, string Sql, byte[] Checksum);
