using Vouchsafe.Postgres.Linting.Manifests;
using Vouchsafe.Postgres.Migrations;
using Vouchsafe.Postgres.Roles;
using Vouchsafe.Postgres.Sealing;

namespace Vouchsafe.Postgres.Linting;

/// <summary>What a database is held to. It comes from the binary and the operator's configuration, never from the database.</summary>
/// <param name="Manifest">Every object there is to be.</param>
public sealed record LintBaseline(SchemaManifest Manifest)
{
    /// <summary>From which the keys that verify contexts are derived; null: the linter can't compare them, and says so.</summary>
    public IContextKeys? Keys { get; init; }

    /// <summary>Roles beside the three that the operator accounts for: superusers, backup and monitoring logins.</summary>
    public IReadOnlyCollection<string> KnownRoles { get; init; } = DatabaseOptions.DefaultKnownRoles;

    /// <summary>Extensions that the operator accounts for, each by its name or as <c>name=hash</c>, which pins its members (decision 0093). They are in no manifest.</summary>
    public IReadOnlyCollection<string> KnownExtensions { get; init; } = DatabaseOptions.DefaultKnownExtensions;

    /// <summary>What the operator accounts for of the server's own rows beside what is known here, as <c>catalogue=hash</c> (decision 0092).</summary>
    public IReadOnlyCollection<string> KnownServerHashes { get; init; } = [];

    internal static LintBaseline Nothing { get; } = new(SchemaManifest.Empty);

    /// <summary>Modules whose migrations come without a manifest.</summary>
    internal IReadOnlyCollection<string> WithoutManifest { get; init; } = [];

    /// <summary>The union of the modules' manifests.</summary>
    public static LintBaseline Of(IEnumerable<MigrationSource> sources)
    {
        var modules = sources.DistinctBy(source => source.Module).OrderBy(source => source.Order).ThenBy(source => source.Module, StringComparer.Ordinal).ToList();
        return new LintBaseline(modules.Aggregate(SchemaManifest.Empty, (union, module) => module.Manifest is { } manifest ? union.With(manifest) : union))
        {
            WithoutManifest = [.. modules.Where(module => module.Manifest is null).Select(module => module.Module)],
        };
    }
}
