using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Vouchsafe.Audit;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Keys;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Acceptance.Keys;

/// <summary>The root key is lost, restored, mixed up, restored in part; and the start says so, and makes none (decision 0014, docs/guides/keys.md).</summary>
public sealed class KeyStoreAndDatabase() : TestDatabase(AuditServices.Migrations)
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private readonly string folder = TestCluster.NewFolder();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_new_installation_makes_its_root_key_once_and_both_remember_each_other()
    {
        await EmptyAsync();
        await MigrateAsync("keys");
        var root = await File.ReadAllBytesAsync(Path.Combine(folder, "keys", "root.key"), Stop);
        var bound = await BoundAsync();
        await MigrateAsync("keys");
        await EnsureAsync("keys");
        Assert.Equal(root, await File.ReadAllBytesAsync(Path.Combine(folder, "keys", "root.key"), Stop));
        Assert.Equal(bound, await BoundAsync());
        Assert.Equal(bound, new FolderKeyStore(Path.Combine(folder, "keys"), createRoot: false).Database);
    }

    [Fact]
    public async Task Lost_the_start_is_refused_restored_it_starts()
    {
        await EmptyAsync();
        await MigrateAsync("keys");
        Directory.Move(Path.Combine(folder, "keys"), Path.Combine(folder, "backup"));
        Assert.Contains("no root key", await RefusedAsync(() => EnsureAsync("keys")), StringComparison.Ordinal);
        Assert.Contains("a new root key would open nothing", await RefusedAsync(() => MigrateAsync("keys")), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "keys", "root.key")));
        Directory.Delete(Path.Combine(folder, "keys"), recursive: true);
        Directory.Move(Path.Combine(folder, "backup"), Path.Combine(folder, "keys"));
        await EnsureAsync("keys");
        await MigrateAsync("keys");
    }

    [Fact]
    public async Task The_root_key_alone_lost_from_a_store_that_served_is_not_made_anew_even_beside_an_empty_database()
    {
        await EmptyAsync();
        await MigrateAsync("keys");
        File.Delete(Path.Combine(folder, "keys", "root.key"));
        await RefusedAsync(() => MigrateAsync("keys"));
        await EmptyAsync();
        Assert.Contains("this one is empty", await RefusedAsync(() => MigrateAsync("keys")), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "keys", "root.key")));
    }

    [Fact]
    public async Task Another_cell_s_key_store_is_refused_and_stays_as_it_is()
    {
        await EmptyAsync();
        await MigrateAsync("keys");
        var other = new FolderKeyStore(Path.Combine(folder, "other"), createRoot: false);
        other.CreateRoot();
        other.Remember(Guid.Parse("5b1d2c3e-0000-4000-8000-0000000000db"));
        Assert.Contains("isn't the one under which the data", await RefusedAsync(() => EnsureAsync("other")), StringComparison.Ordinal);
        Assert.Equal(Guid.Parse("5b1d2c3e-0000-4000-8000-0000000000db"), other.Database);
    }

    [Fact]
    public async Task A_store_that_lacks_tenants_keys_is_refused_before_it_makes_others()
    {
        await EmptyAsync();
        await MigrateAsync("keys");
        var tenant = NewTenant();
        await TestDatabase.RunAsync(Superuser, $"insert into audit.logs (tenant_id, log_id) values ('{tenant}', gen_random_uuid())");
        Assert.Contains("lacks the keys of 1 of 1 tenants", await RefusedAsync(() => EnsureAsync("keys")), StringComparison.Ordinal);
        var made = Directory.EnumerateFiles(Path.Combine(folder, "keys"), "*.key", SearchOption.AllDirectories);
        Assert.DoesNotContain(made, file => !file.EndsWith("root.key", StringComparison.Ordinal));
        // A key that was destroyed is not missing.
        new FolderKeyStore(Path.Combine(folder, "keys"), createRoot: false).Destroy(KeyName.OfTenant(tenant.Value));
        await EnsureAsync("keys");
    }

    [Fact]
    public async Task A_truncated_root_key_is_named()
    {
        await EmptyAsync();
        await MigrateAsync("keys");
        await File.WriteAllBytesAsync(Path.Combine(folder, "keys", "root.key"), new byte[16], Stop);
        Assert.Contains("holds 16 bytes", await RefusedAsync(() => EnsureAsync("keys")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Neither_login_can_alter_what_binds_them()
    {
        await EmptyAsync();
        await MigrateAsync("keys");
        foreach (var login in new[] { App, Platform })
            foreach (var attempt in new[] { "update audit.cell set key_check = sha256('x')", "delete from audit.cell", "insert into audit.cell values (false, gen_random_uuid(), sha256('x'))" })
                Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => RunAsync(login, attempt))).SqlState);
    }

    // The template was migrated with the tests' own keys; a new installation has none of that.
    private Task EmptyAsync() => RunAsync(Superuser, "delete from vouchsafe.seal_keys; delete from audit.cell; delete from audit.logs");

    private async Task MigrateAsync(string keys)
    {
        await KeyGuard.PrepareAsync(new FolderKeyStore(Path.Combine(folder, keys), createRoot: false), Owner, Stop);
        await Guard(keys).BindAsync(Owner, Stop);
    }

    private Task EnsureAsync(string keys) => Guard(keys).EnsureAsync(Stop);

    private async Task<Guid> BoundAsync() => (Guid)(await ScalarAsync(Superuser, "select database_id from audit.cell"))!;

    private static async Task<string> RefusedAsync(Func<Task> start) => (await Assert.ThrowsAsync<KeyStoreException>(start)).Message;

    private KeyGuard Guard(string keys)
    {
        var store = new FolderKeyStore(Path.Combine(folder, keys), createRoot: false);
        var services = new ServiceCollection();
        services.AddSingleton(_ => new KeyRing(store, Time));
        services.AddSingleton(_ => Database);
        return new KeyGuard(store, services.BuildServiceProvider());
    }
}
