using System.Security.Cryptography;

namespace Vouchsafe.Cryptography.Keys;

/// <summary>
/// A key store in a folder of its own, readable by its owner alone:
/// <code>
/// root.key
/// database.id
/// tenants/〈last two hex digits〉/〈tenant〉.key | .destroyed
/// subjects/〈tenant〉/〈last two hex digits〉/〈subject〉.key | .destroyed
/// </code>
/// A tombstone is written before the key is erased and looked for before the key, so whatever happens in between, a key
/// that was to be destroyed is never handed out again.
/// </summary>
public sealed class FolderKeyStore : IRootKeyStore
{
    private const int LargestFile = 4096;

    private readonly string folder;
    private readonly string rootFile;
    private readonly string databaseFile;
    private readonly bool createRoot;

    /// <param name="createRoot">Whether reading the root key makes one where there is none: for what has no database behind it. An application that serves one
    /// says no; its migration makes the key, once, where it sees that there is no data yet.</param>
    /// <exception cref="KeyStoreException">The folder can't be created, is somebody else's, or can be entered by others.</exception>
    public FolderKeyStore(string folder, bool createRoot = true)
    {
        this.folder = Path.GetFullPath(folder);
        this.createRoot = createRoot;
        rootFile = Path.Combine(this.folder, "root.key");
        databaseFile = Path.Combine(this.folder, "database.id");
        Guarded(this.folder, () =>
        {
            PrivateFiles.CreateFolder(this.folder);
            PrivateFiles.MustBeOurs(this.folder, rootFile);
        });
    }

    public void Inspect() => Guarded(folder, () => PrivateFiles.MustBeOurs(folder, rootFile));

    public bool HasRoot => Guarded(rootFile, () => File.Exists(rootFile));

    public Guid? Database => Guarded(databaseFile, () => PrivateFiles.Read(databaseFile, LargestFile) is not { } id ? (Guid?)null
        : Guid.TryParseExact(System.Text.Encoding.ASCII.GetString(id), "D", out var database) ? database
        : throw new KeyStoreException($"{databaseFile} names no database. Restore it from a copy."));

    public byte[] ReadRoot() => Guarded(rootFile, () =>
    {
        if (!File.Exists(rootFile) && createRoot) CreateRoot();
        var root = PrivateFiles.Read(rootFile, LargestFile) ?? throw new KeyStoreException(
            $"There is no root key in {folder}. Restore the key store that belongs to this database; never start it with a new one, which opens nothing. "
            + "The key of a new installation is made when its database is migrated.");
        return root.Length == SecretKey.Size
            ? root
            : throw new KeyStoreException($"{rootFile} holds {root.Length} bytes, where a root key has {SecretKey.Size}. Restore it from a copy.");
    });

    public void CreateRoot() => Guarded(rootFile, () =>
    {
        var made = RandomNumberGenerator.GetBytes(SecretKey.Size);
        PrivateFiles.TryCreate(rootFile, made);
        CryptographicOperations.ZeroMemory(made);
    });

    public void Remember(Guid database)
    {
        Guarded(databaseFile, () => PrivateFiles.TryCreate(databaseFile, System.Text.Encoding.ASCII.GetBytes(database.ToString("D"))));
        if (Database != database) throw new KeyStoreException($"The key store in {folder} belongs to the database {Database}, not to {database}.");
    }

    public StoredKey Find(KeyName name)
    {
        var path = PathOf(name);
        return Guarded(path, () =>
        {
            if (File.Exists(Tombstone(path)))
                return StoredKey.Destroyed;
            return PrivateFiles.Read(path + ".key", LargestFile) is { } wrapped ? StoredKey.Present(wrapped) : StoredKey.Absent;
        });
    }

    public StoredKey Add(KeyName name, ReadOnlySpan<byte> wrapped)
    {
        var path = PathOf(name);
        var content = wrapped.ToArray();
        return Guarded(path, () =>
        {
            if (File.Exists(Tombstone(path)))
                return StoredKey.Destroyed;
            PrivateFiles.CreateFolder(Path.GetDirectoryName(path)!);
            PrivateFiles.TryCreate(path + ".key", content);
            // Another node may have destroyed the key between the look above and the file: then it saw no file to erase.
            if (!File.Exists(Tombstone(path)))
                return StoredKey.Present(PrivateFiles.Read(path + ".key", LargestFile) ?? content);
            PrivateFiles.Erase(path + ".key");
            return StoredKey.Destroyed;
        });
    }

    public void Destroy(KeyName name)
    {
        var path = PathOf(name);
        Guarded(path, () =>
        {
            PrivateFiles.CreateFolder(Path.GetDirectoryName(path)!);
            PrivateFiles.TryCreate(Tombstone(path), []);
            PrivateFiles.Erase(path + ".key");
            return true;
        });
    }

    private static string Tombstone(string path) => path + ".destroyed";

    private string PathOf(KeyName name)
    {
        // The last digits of a version 7 id are random; the first are the time, and would put a day's keys in one folder.
        var id = (name.Subject ?? name.Tenant).ToString("N");
        return name.Subject is null
            ? Path.Combine(folder, "tenants", id[^2..], id)
            : Path.Combine(folder, "subjects", name.Tenant.ToString("N"), id[^2..], id);
    }

    private static void Guarded(string path, Action work) => Guarded(path, () =>
    {
        work();
        return true;
    });

    private static T Guarded<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new KeyStoreException($"The key store can't be used at {path}: {problem.Message}", problem);
        }
    }
}
