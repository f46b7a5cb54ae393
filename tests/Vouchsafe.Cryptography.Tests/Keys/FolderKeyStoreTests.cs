using Vouchsafe.Cryptography.Keys;
using Xunit;

namespace Vouchsafe.Cryptography.Tests.Keys;

/// <summary>When a root key is made and when never; what races between nodes leave behind.</summary>
public sealed class FolderKeyStoreTests : IDisposable
{
    private static readonly Guid Tenant = Guid.Parse("0198c0de-0000-7000-8000-00000000aa01");
    private static readonly Guid Database = Guid.Parse("5b1d2c3e-0000-4000-8000-0000000000db");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_store_that_serves_a_database_never_makes_a_root_key_by_being_read()
    {
        var store = Serving();
        Assert.Contains("Restore the key store", Assert.Throws<KeyStoreException>(store.ReadRoot).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder.Path));
        store.CreateRoot();
        var root = store.ReadRoot();
        store.CreateRoot();
        Assert.Equal(root, store.ReadRoot());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_damaged_root_key_is_named_and_never_replaced(int length)
    {
        var file = Path.Combine(folder.Path, "root.key");
        File.WriteAllBytes(file, new byte[length]);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        foreach (var store in new[] { Serving(), new FolderKeyStore(folder.Path) })
        {
            store.CreateRoot();
            Assert.Contains($"holds {length} bytes", Assert.Throws<KeyStoreException>(store.ReadRoot).Message, StringComparison.Ordinal);
        }
        Assert.Equal(length, new FileInfo(file).Length);
    }

    [Fact]
    public void It_remembers_one_database_for_good()
    {
        Assert.Null(Serving().Database);
        Serving().Remember(Database);
        Serving().Remember(Database);
        Assert.Equal(Database, Serving().Database);
        Assert.Throws<KeyStoreException>(() => Serving().Remember(Tenant));
        File.WriteAllText(Path.Combine(folder.Path, "database.id"), "x");
        Assert.Throws<KeyStoreException>(() => Serving().Database);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.Path, "database.id")));
    }

    /// <summary>
    /// Another node destroys the key between this one's look for a tombstone and its file. Here the tombstone is a link to the key's own file: it isn't there at the
    /// look, and is there as soon as the file is.
    /// </summary>
    [Fact]
    public void A_key_that_is_destroyed_while_it_is_added_is_destroyed()
    {
        var id = Tenant.ToString("N");
        var home = Directory.CreateDirectory(Path.Combine(folder.Path, "tenants", id[^2..])).FullName;
        var key = Path.Combine(home, id + ".key");
        File.CreateSymbolicLink(Path.Combine(home, id + ".destroyed"), key);
        Assert.Equal(KeyState.Destroyed, Serving().Add(KeyName.OfTenant(Tenant), [1, 2, 3]).State);
        Assert.False(File.Exists(key));
    }

    [Fact]
    public async Task Of_nodes_that_add_and_destroy_at_once_none_holds_a_key_afterwards()
    {
        for (var round = 0; round < 50; round++)
        {
            var name = KeyName.OfTenant(new Guid(round + 1, 0, 0, new byte[8]));
            using var start = new ManualResetEventSlim();
            var work = Enumerable.Range(0, 4).Select(n => Task.Factory.StartNew(
                () =>
                {
                    start.Wait();
                    if (n == 0) Serving().Destroy(name);
                    else Serving().Add(name, [1, 2, 3]);
                },
                TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
            start.Set();
            await Task.WhenAll(work);
            Assert.Equal(KeyState.Destroyed, Serving().Find(name).State);
            Assert.Equal(KeyState.Destroyed, Serving().Add(name, [4]).State);
        }
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "*.key", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "*.new", SearchOption.AllDirectories));
    }

    private FolderKeyStore Serving() => new(folder.Path, createRoot: false);
}
