using System.Runtime.Versioning;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Audit.Custody;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Tests.Databases;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Audit.Tests.Keys;

/// <summary>What happens to keys while an application serves shows at once, with what to do; and how old they are (decision 0098).</summary>
[UnsupportedOSPlatform("windows")]
public sealed class KeyCustody : IAsyncLifetime
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private readonly AuditDatabase database = new();
    private readonly TenantId tenant = new(Guid.Parse("00000000-0000-7000-8000-0000000000ae"));
    private FolderKeyStore store = null!;

    public async ValueTask InitializeAsync()
    {
        await database.InitializeAsync();
        await using (var session = database.Open(tenant))
            await session.RecordAsync(new AuditEvent("order.created"), Stop);
        await database.SequenceAsync(Stop);
        store = new FolderKeyStore(database.KeyFolder, createRoot: false);
        var id = Guid.Parse("5b1d2c3e-0000-4000-8000-0000000000da");
        await TestDatabase.RunAsync(database.Superuser, "delete from audit.cell");
        await TestDatabase.RunAsync(database.Superuser, $"""
            insert into audit.cell (database_id, key_check, made_at)
            values ('{id}', decode('{Convert.ToHexStringLower(DatabaseBinding.Commit(database.Get<KeyRing>(), id))}', 'hex'), '{database.Time.GetUtcNow():O}')
            """);
        store.Remember(id);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task What_is_whole_holds_and_says_how_old_the_keys_are()
    {
        database.Time.Advance(TimeSpan.FromDays(40));
        var seen = await CheckAsync();
        Assert.True(seen.Holds, seen.Message);
        Assert.Equal((40L, 40L, 1), ((long)seen.Seen["rootKeyDays"]!, (long)seen.Seen["signingKeyDays"]!, (int)seen.Seen["signingGeneration"]!));
        Assert.Contains("generation 1, 40 days old", seen.Message, StringComparison.Ordinal);
    }

    /// <summary>Where the posture promises an age, keys that can be replaced must be replaced; where it promises none, their age is told.</summary>
    [Fact]
    public async Task Past_the_posture_s_own_age_it_turns_red_until_the_keys_are_handed_over()
    {
        var promised = Posture("keys.rotation: { most-age: 90d }");
        database.Time.Advance(TimeSpan.FromDays(90));
        Assert.True((await CheckAsync(promised)).Holds);
        database.Time.Advance(TimeSpan.FromSeconds(1));
        var old = await CheckAsync(promised);
        Assert.False(old.Holds);
        Assert.Contains("are 90 days old, and the posture allows 90. Replace them", old.Message, StringComparison.Ordinal);
        Assert.True((await CheckAsync(Posture("audit.export: {}"))).Holds);
        await database.Get<CheckpointRotation>().RotateAsync("a rule", TimeSpan.FromDays(7), Stop);
        Assert.False((await CheckAsync(promised)).Holds);
        database.Time.Advance(TimeSpan.FromMinutes(3));
        var fresh = await CheckAsync(promised);
        Assert.True(fresh.Holds, fresh.Message);
        Assert.Equal((90L, 0L, 2), ((long)fresh.Seen["rootKeyDays"]!, (long)fresh.Seen["signingKeyDays"]!, (int)fresh.Seen["signingGeneration"]!));
    }

    [Fact]
    public async Task A_root_key_that_is_gone_or_another_one_is_named_and_none_is_made()
    {
        var root = Path.Combine(database.KeyFolder, "root.key");
        var sound = await File.ReadAllBytesAsync(root, Stop);
        File.Delete(root);
        await RedAsync("no root key any more");
        Assert.False(File.Exists(root));
        store.CreateRoot();
        await RedAsync("isn't the one that this process works with");
        await File.WriteAllBytesAsync(root, sound[..16], Stop);
        await RedAsync("holds 16 bytes");
        await File.WriteAllBytesAsync(root, sound, Stop);
        Assert.True((await CheckAsync()).Holds);
        File.SetUnixFileMode(root, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        await RedAsync("chmod 600");
        File.SetUnixFileMode(root, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.SetUnixFileMode(database.KeyFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute);
        await RedAsync("chmod 700");
    }

    [Fact]
    public async Task A_tenant_s_key_that_is_gone_or_was_made_anew_is_named()
    {
        var file = Directory.EnumerateFiles(Path.Combine(database.KeyFolder, "tenants"), tenant.Value.ToString("N") + ".key", SearchOption.AllDirectories).Single();
        var sound = await File.ReadAllBytesAsync(file, Stop);
        File.Delete(file);
        await RedAsync("lacks the keys of 1 tenants");
        // What the next access of a node that doesn't remember it does.
        new KeyRing(store, database.Time).TenantKey(tenant.Value);
        await RedAsync("aren't those under which their logs were begun");
        await File.WriteAllBytesAsync(file, RandomNumberGenerator.GetBytes(sound.Length), Stop);
        await RedAsync("aren't those under which their logs were begun");
        await File.WriteAllBytesAsync(file, sound, Stop);
        Assert.True((await CheckAsync()).Holds);
        // A key that was destroyed with its tenant is where it belongs.
        store.Destroy(KeyName.OfTenant(tenant.Value));
        Assert.True((await CheckAsync()).Holds);
    }

    [Fact]
    public async Task What_the_database_says_of_keys_is_held_to_the_key_store()
    {
        await TestDatabase.RunAsync(database.Superuser, "insert into audit.checkpoint_keys (generation, signs_from, alone_from, authentic) values (2, '2020-01-01', '2020-01-01', sha256('stranger'))");
        await RedAsync("was not made with this key store");
        await TestDatabase.RunAsync(database.Superuser, "delete from audit.checkpoint_keys; update audit.cell set made_at = made_at + interval '1 day'");
        await RedAsync("yet to come");
        await TestDatabase.RunAsync(database.Superuser, "update audit.cell set made_at = made_at - interval '1 day', key_check = sha256('stranger')");
        await RedAsync("audit.cell was altered");
        await TestDatabase.RunAsync(database.Superuser, "delete from audit.cell");
        await RedAsync("isn't bound to a key store");
    }

    private async Task RedAsync(string said)
    {
        var seen = await CheckAsync();
        Assert.False(seen.Holds, $"It stayed green: {seen.Message}");
        Assert.Contains(said, seen.Message, StringComparison.OrdinalIgnoreCase);
    }

    private Task<Finding> CheckAsync(Posture? posture = null)
    {
        var services = new ServiceCollection().AddSingleton<IRootKeyStore>(store).BuildServiceProvider();
        var check = new CustodyCheck(services, database.Database, database.Get<KeyRing>(), database.Get<TenantKeyWatch>(), database.Get<CheckpointKeys>(), database.Time);
        return check.RunAsync(posture is null ? null! : new CheckContext(new CheckTarget(new Uri("https://localhost"), null, [], true), posture.Figures(CustodyControl.Id), posture, database.Time), Stop);
    }

    private static Posture Posture(string control) => PostureFile.Parse(
        $$"""
        posture: kept
        extends: baseline
        company: { name: Kept Ltd, product: Kept, country: IE, contacts: { security: security@kept.example } }
        languages: [en]
        claims: [{ id: KT-01, kind: operated, area: keys, text: { en: "Keys are kept." }, controls: { keys.custody: {}, {{control}} } }]
        """);
}
