using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Cryptography.Sealing;
using Xunit;

namespace Vouchsafe.Cryptography.Tests.Keys;

public sealed class KeyRingTests : IDisposable
{
    private static readonly Guid Tenant = Guid.Parse("0198c0de-0000-7000-8000-00000000aa01");
    private static readonly Guid Subject = Guid.Parse("0198c0de-0000-7000-8000-00000000bb02");
    private static readonly KeyRingOptions OneMinute = new() { CacheFor = TimeSpan.FromMinutes(1) };

    private readonly TemporaryFolder folder = new();
    private readonly ManualTime time = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_node_and_every_start_has_the_same_keys()
    {
        var (one, other) = (Ring(), Ring());
        Assert.Equal(one.Derive("jwt").Id, other.Derive("jwt").Id);
        Assert.NotEqual(one.Derive("jwt").Id, one.Derive("jwt2").Id);
        Assert.Equal(one.TenantKey(Tenant).Required.Id, other.TenantKey(Tenant).Required.Id);
        Assert.Equal(one.SubjectKey(Tenant, Subject).Required.Id, other.SubjectKey(Tenant, Subject).Required.Id);
        Assert.NotEqual(one.SubjectKey(Tenant, Subject).Required.Id, one.SubjectKey(Subject, Tenant).Required.Id);
    }

    [Fact]
    public async Task Nodes_that_race_agree_on_root_tenant_and_subject()
    {
        using var start = new ManualResetEventSlim();
        var racers = Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.Wait();
                var ring = Ring();
                return (ring.Derive("jwt").Id, ring.TenantKey(Tenant).Required.Id, ring.SubjectKey(Tenant, Subject).Required.Id);
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        start.Set();
        Assert.Single((await Task.WhenAll(racers)).Distinct());
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "*.new", SearchOption.AllDirectories));
    }

    [Fact]
    public void Files_are_their_owners_alone()
    {
        Ring().SubjectKey(Tenant, Subject);
        var files = Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).ToList();
        Assert.Equal(3, files.Count);
        foreach (var file in files)
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void A_destroyed_subject_never_has_a_key_again()
    {
        var ring = Ring();
        var sealedValue = Seal.Protect(ring.SubjectKey(Tenant, Subject).Required, "x"u8, new AssociatedData("t"));
        ring.Destroy(KeyName.OfSubject(Tenant, Subject));
        foreach (var each in new[] { ring, Ring() })
        {
            var lookup = each.SubjectKey(Tenant, Subject);
            Assert.True(lookup.IsDestroyed);
            Assert.Throws<KeyDestroyedException>(() => lookup.Required);
            Assert.Equal(KeyState.Destroyed, each.Existing(KeyName.OfSubject(Tenant, Subject)).State);
        }
        Assert.Equal(KeyState.Present, ring.TenantKey(Tenant).State);
        Assert.DoesNotContain(Directory.EnumerateFiles(folder.Path, "*.key", SearchOption.AllDirectories), file => file.Contains(Subject.ToString("N")));
        Assert.NotEqual(Seal.KeyOf(sealedValue), ring.TenantKey(Tenant).Required.Id);
    }

    [Fact]
    public void One_that_was_destroyed_before_it_existed_does_not_come_to_be()
    {
        var ring = Ring();
        ring.Destroy(KeyName.OfSubject(Tenant, Subject));
        Assert.True(ring.SubjectKey(Tenant, Subject).IsDestroyed);
    }

    [Fact]
    public void Destroying_a_tenant_destroys_its_people()
    {
        var ring = Ring();
        ring.SubjectKey(Tenant, Subject);
        ring.Destroy(KeyName.OfTenant(Tenant));
        Assert.True(ring.TenantKey(Tenant).IsDestroyed);
        Assert.True(ring.SubjectKey(Tenant, Subject).IsDestroyed);
        Assert.True(Ring().SubjectKey(Tenant, Subject).IsDestroyed);
    }

    [Fact]
    public void Another_node_notices_a_destruction_when_its_cache_runs_out()
    {
        var (one, other) = (Ring(), Ring());
        other.SubjectKey(Tenant, Subject);
        one.Destroy(KeyName.OfSubject(Tenant, Subject));
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(other.SubjectKey(Tenant, Subject).IsDestroyed);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(other.SubjectKey(Tenant, Subject).IsDestroyed);
    }

    [Fact]
    public void Looking_for_a_key_creates_none()
    {
        Assert.Equal(KeyState.Absent, Ring().Existing(KeyName.OfSubject(Tenant, Subject)).State);
        Assert.Throws<InvalidOperationException>(() => Ring().Existing(KeyName.OfTenant(Tenant)).Required);
        Assert.Single(Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_key_killed_between_tombstone_and_erasure_is_not_handed_out()
    {
        Ring().SubjectKey(Tenant, Subject);
        var file = Directory.EnumerateFiles(folder.Path, Subject.ToString("N") + ".key", SearchOption.AllDirectories).Single();
        File.WriteAllBytes(Path.ChangeExtension(file, ".destroyed"), []);
        Assert.True(Ring().SubjectKey(Tenant, Subject).IsDestroyed);
    }

    [Fact]
    public void An_altered_swapped_or_foreign_file_is_an_error_and_is_never_replaced()
    {
        var other = Guid.Parse("0198c0de-0000-7000-8000-00000000cc02");
        Ring().SubjectKey(Tenant, Subject);
        Ring().SubjectKey(Tenant, other);
        var file = Directory.EnumerateFiles(folder.Path, Subject.ToString("N") + ".key", SearchOption.AllDirectories).Single();
        var content = File.ReadAllBytes(file);
        foreach (var bad in new[]
        {
            [],
            content[..^1],
            [.. content[..^1], (byte)(content[^1] ^ 1)],
            File.ReadAllBytes(Directory.EnumerateFiles(folder.Path, other.ToString("N") + ".key", SearchOption.AllDirectories).Single()),
            new byte[10_000],
        })
        {
            File.WriteAllBytes(file, bad);
            Assert.Throws<KeyStoreException>(() => Ring().SubjectKey(Tenant, Subject));
            Assert.Equal(bad, File.ReadAllBytes(file));
        }
        File.WriteAllBytes(Path.Combine(folder.Path, "root.key"), new byte[31]);
        Assert.Throws<KeyStoreException>(Ring);
        File.WriteAllBytes(Path.Combine(folder.Path, "root.key"), new byte[32]);
        Assert.Throws<KeyStoreException>(() => Ring().SubjectKey(Tenant, other));
    }

    [Fact]
    public void Nobody_s_key_is_refused()
    {
        Assert.Throws<ArgumentException>(() => KeyName.OfTenant(Guid.Empty));
        Assert.Throws<ArgumentException>(() => KeyName.OfSubject(Tenant, Guid.Empty));
        Assert.Throws<ArgumentException>(() => KeyName.OfSubject(Guid.Empty, Subject));
    }

    private KeyRing Ring() => new(new FolderKeyStore(folder.Path), time, OneMinute);
}
