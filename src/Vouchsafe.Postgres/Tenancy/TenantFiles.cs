namespace Vouchsafe.Postgres.Tenancy;

/// <summary>Paths of files that belong to tenants: a folder for each, which no name leads out of.</summary>
public sealed class TenantFiles
{
    private const int LongestName = 120;
    private readonly string _root;

    /// <param name="root">The folder that holds the tenants' folders.</param>
    public TenantFiles(string root) => _root = Path.GetFullPath(root);

    /// <summary>The path of a tenant's file. Its folder is made where it is missing.</summary>
    /// <param name="name">One name of letters, digits, dots, dashes and underscores; no folder.</param>
    /// <exception cref="ArgumentException">No tenant was named, or the name is another.</exception>
    public string PathOf(TenantId tenant, string name)
    {
        if (name.Length is 0 or > LongestName || name[0] == '.' || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_'))
            throw new ArgumentException("A file's name has letters, digits, dots, dashes and underscores, begins with no dot, and names no folder.", nameof(name));
        return Path.Combine(Directory.CreateDirectory(FolderOf(tenant)).FullName, name);
    }

    /// <summary>Removes all of a tenant's files.</summary>
    public void Remove(TenantId tenant)
    {
        if (Directory.Exists(FolderOf(tenant)))
            Directory.Delete(FolderOf(tenant), recursive: true);
    }

    private string FolderOf(TenantId tenant) => Path.Combine(_root, tenant.OrRefuse().ToString());
}
