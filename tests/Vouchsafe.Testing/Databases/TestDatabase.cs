using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Vouchsafe.Postgres.Cluster;
using Vouchsafe.Postgres.Linting;
using Vouchsafe.Postgres.Migrations;
using Vouchsafe.Postgres.Roles;
using Vouchsafe.Postgres.Sealing;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Time;
using Xunit;

namespace Vouchsafe.Testing.Databases;

/// <summary>A database of its own for one test class: a real server, all roles, the schema of the given modules.</summary>
/// <example><c>public sealed class AuditDatabase() : TestDatabase(AuditModule.Migrations);</c> and <c>IClassFixture&lt;AuditDatabase&gt;</c></example>
public class TestDatabase : IAsyncLifetime
{
    private static readonly SemaphoreSlim OneTemplateAtATime = new(1, 1);
    private static readonly Dictionary<string, string> Templates = new(StringComparer.Ordinal);

    private readonly MigrationSource[] _sources;
    private PrivateCluster? _cluster;
    private DatabaseOptions? _options;
    private Database? _database;
    private LintBaseline? _baseline;

    /// <summary>The core's schema alone.</summary>
    public TestDatabase() : this([])
    {
    }

    /// <param name="modules">Whose migrations are applied, after the core's.</param>
    protected TestDatabase(params MigrationSource[] modules) => _sources = [MigrationSource.Core, .. modules];

    public FakeTimeProvider Time { get; } = new();

    public IContextKeys Keys => TestKeys.Shared;

    /// <summary>Where <see cref="Session.Service{T}"/> looks. Set it before the first session.</summary>
    public IServiceProvider? Services { get; set; }

    public IDatabase Database => _database ??= new Database(Options, Keys, Time, Services);

    public DatabaseOptions Options => _options ?? throw new InvalidOperationException("The database is made by InitializeAsync.");

    public PrivateCluster Cluster => _cluster ?? throw new InvalidOperationException("The database is made by InitializeAsync.");

    /// <summary>What the linter holds the database to: the manifests of its modules.</summary>
    public LintBaseline Baseline => _baseline ??= LintBaseline.Of(_sources) with { Keys = Keys };

    public string Owner => Options.Owner;

    public string App => Options.App;

    public string Platform => Options.Platform;

    public string Superuser => Cluster.Superuser(Options.Name);

    /// <summary>A database outside a fixture's life: for a test that needs several.</summary>
    /// <param name="cluster">The cluster it is made in; null: the one that this process shares.</param>
    public static async Task<TestDatabase> MakeAsync(PrivateCluster? cluster = null, params MigrationSource[] modules)
    {
        var made = new TestDatabase(modules) { _cluster = cluster };
        await made.InitializeAsync();
        return made;
    }

    /// <summary>A database with the roles and without any schema.</summary>
    public static async Task<TestDatabase> MakeEmptyAsync()
    {
        var cluster = await TestCluster.GetAsync();
        var made = new TestDatabase { _cluster = cluster };
        // The first of all makes the logins.
        await OneTemplateAtATime.WaitAsync();
        try
        {
            made._options = await cluster.EnsureDatabaseAsync("t_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), CancellationToken.None);
        }
        finally
        {
            OneTemplateAtATime.Release();
        }

        return made;
    }

    public virtual async ValueTask InitializeAsync()
    {
        _cluster ??= await TestCluster.GetAsync();
        var template = await TemplateAsync(_cluster, _sources);
        var name = "t_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        await RunAsync(_cluster.Superuser(), $"create database {name} template {template} owner {DatabaseRoles.Owner}");
        // A copy doesn't carry the rights on the database itself.
        await Bootstrap.HardenAsync(_cluster.Superuser(name), CancellationToken.None);
        _options = _cluster.OptionsFor(name) with { MaximumConnections = 20 };
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
        if (_options is not null)
            await RunAsync(Cluster.Superuser(), $"drop database if exists {_options.Name} with (force)");
        GC.SuppressFinalize(this);
    }

    /// <summary>A tenant that nobody else uses.</summary>
    public TenantId NewTenant() => new(Guid.CreateVersion7(Time.GetUtcNow()));

    /// <summary>A scope with all of a tenant's rows, as its administrator.</summary>
    public static TenantScope ScopeOf(TenantId tenant) => new(tenant, Actor.System("test"), OwnerReach.All, null);

    /// <summary>A scope with the rows that one user of a tenant may see.</summary>
    public static TenantScope ScopeOf(TenantId tenant, Guid user) => new(tenant, Actor.User(user), OwnerReach.Own, null);

    /// <summary>Runs statements, as whomever the connection string names.</summary>
    public static async Task RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of the first row, as whomever the connection string names; null where there is no row or a null.</summary>
    public static async Task<object?> ScalarAsync(string connectionString, string sql, params object[] args)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var arg in args)
            command.Parameters.Add(new() { Value = arg });
        return await command.ExecuteScalarAsync() is { } value and not DBNull ? value : null;
    }

    // One migrated template for each set of modules: a copy takes a tenth of the time of the migrations.
    private static async Task<string> TemplateAsync(PrivateCluster cluster, MigrationSource[] sources)
    {
        var set = $"{cluster.Folder},{string.Join(",", sources.Select(source => source.Module + "@" + source.Assembly.ManifestModule.ModuleVersionId))}";
        await OneTemplateAtATime.WaitAsync();
        try
        {
            if (Templates.TryGetValue(set, out var made))
                return made;
            var name = "template_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(set)).AsSpan(0, 8));
            var options = await cluster.EnsureDatabaseAsync(name, CancellationToken.None);
            await new Migrator(sources, TestKeys.Shared, TimeProvider.System).RunAsync(options.Owner, CancellationToken.None);
            Templates.Add(set, name);
            return name;
        }
        finally
        {
            OneTemplateAtATime.Release();
        }
    }
}
