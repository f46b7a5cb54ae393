using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Testing.Databases;
using Vouchsafe.Testing.Sabotage;

namespace Vouchsafe.Acceptance.Sabotage.Keys;

/// <summary>Something happens to the key store, or to what the database holds about keys, while the application runs.</summary>
internal abstract class KeySabotage(string name, string expected) : ISabotage
{
    public string Control => "keys.custody";

    public string Name => name;

    public string ExpectedMessageFragment => expected;

    public abstract Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken);

    public abstract Task MendAsync(SabotageContext context, CancellationToken cancellationToken);

    protected static string Folder(SabotageContext context) => context.Nodes[0].GetRequiredService<IConfiguration>()["Vouchsafe:Keys:Folder"]!;

    protected static string RootFile(SabotageContext context) => Path.Combine(Folder(context), "root.key");
}

/// <summary>A file of the key store is changed, and put back as it was.</summary>
internal abstract class FileSabotage(string name, string expected) : KeySabotage(name, expected)
{
    public override async Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        var file = await FindAsync(context);
        context.Kept[Name] = (file, await File.ReadAllBytesAsync(file, cancellationToken), OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(file));
        return Change(context, file);
    }

    public override async Task MendAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        if (!context.Kept.Remove(Name, out var kept)) return;
        var (file, content, mode) = ((string, byte[], UnixFileMode))kept;
        await File.WriteAllBytesAsync(file, content, cancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, mode);
    }

    protected virtual Task<string> FindAsync(SabotageContext context) => Task.FromResult(RootFile(context));

    protected abstract string? Change(SabotageContext context, string file);
}

internal sealed class DeletedRootKey() : FileSabotage("delete the root key", "no root key any more")
{
    protected override string? Change(SabotageContext context, string file)
    {
        File.Delete(file);
        return "the root key is gone";
    }
}

internal sealed class SwappedRootKey() : FileSabotage("swap the root key's file", "isn't the one that this process works with")
{
    protected override string? Change(SabotageContext context, string file)
    {
        File.WriteAllBytes(file, RandomNumberGenerator.GetBytes(SecretKey.Size));
        return "another root key lies in the store";
    }
}

/// <summary>What somebody does who takes a missing key for a new installation.</summary>
internal sealed class NewRootKeyBesideData() : FileSabotage("make a new root key beside data", "isn't the one that this process works with")
{
    protected override string? Change(SabotageContext context, string file)
    {
        File.Delete(file);
        new FolderKeyStore(Folder(context), createRoot: false).CreateRoot();
        return File.Exists(file) ? "a new root key was made beside the data" : null;
    }
}

internal sealed class ReadableRootKey() : FileSabotage("let others read the root key", "can be read by other accounts")
{
    protected override string? Change(SabotageContext context, string file)
    {
        if (OperatingSystem.IsWindows()) return null;
        File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        return "others can read the root key";
    }
}

internal sealed class ForeignStore() : FileSabotage("put another database's key store in place", "belongs to the database")
{
    protected override Task<string> FindAsync(SabotageContext context) => Task.FromResult(Path.Combine(Folder(context), "database.id"));

    protected override string? Change(SabotageContext context, string file)
    {
        File.WriteAllText(file, "5b1d2c3e-0000-4000-8000-0000000000db");
        return "the key store says that it is another database's";
    }
}

/// <summary>Of a tenant that nobody works for: else the next access would make another key before the check looks.</summary>
internal abstract class TenantKeySabotage(string name, string expected) : FileSabotage(name, expected)
{
    private readonly Guid _tenant = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    public override async Task MendAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        await base.MendAsync(context, cancellationToken);
        await TestDatabase.RunAsync(context.Superuser, $"delete from audit.logs where tenant_id = '{_tenant}'");
    }

    protected override async Task<string> FindAsync(SabotageContext context)
    {
        var log = LogIdentities.Of(Ring(context).TenantKey(_tenant).Required);
        await TestDatabase.RunAsync(context.Superuser, $"insert into audit.logs (tenant_id, log_id) values ('{_tenant}', '{log}')");
        var name = _tenant.ToString("N");
        return Path.Combine(Folder(context), "tenants", name[^2..], name + ".key");
    }

    /// <summary>That of a node that remembers no key yet.</summary>
    protected static KeyRing Ring(SabotageContext context) => new(new FolderKeyStore(Folder(context), createRoot: false), TimeProvider.System);
}

internal sealed class DeletedTenantKey() : TenantKeySabotage("delete a tenant's key", "lacks the keys of 1 tenants")
{
    protected override string? Change(SabotageContext context, string file)
    {
        File.Delete(file);
        return "a tenant's key is gone";
    }
}

internal sealed class SwappedTenantKey() : TenantKeySabotage("make another key for a tenant", "aren't those under which their logs were begun")
{
    protected override string? Change(SabotageContext context, string file)
    {
        File.Delete(file);
        Ring(context).TenantKey(Guid.ParseExact(Path.GetFileNameWithoutExtension(file), "N"));
        return File.Exists(file) ? "a tenant has another key than the one of its entries" : null;
    }
}

/// <summary>A row that says from when on another key signs, written by somebody without the key store.</summary>
internal sealed class ForeignHandover() : KeySabotage("hand the signing keys over as a stranger", "was not made with this key store")
{
    public override async Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        await TestDatabase.RunAsync(context.Superuser,
            "insert into audit.checkpoint_keys (generation, signs_from, alone_from, authentic) select coalesce(max(generation), 1) + 1, now(), now(), sha256('stranger') from audit.checkpoint_keys");
        return "a generation of keys was announced by somebody without them";
    }

    public override Task MendAsync(SabotageContext context, CancellationToken cancellationToken) =>
        TestDatabase.RunAsync(context.Superuser, "delete from audit.checkpoint_keys where authentic = sha256('stranger')");
}

/// <summary>By the database's clock the keys were made tomorrow.</summary>
internal sealed class ClockAhead() : KeySabotage("a clock in the future", "yet to come")
{
    public override async Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        await TestDatabase.RunAsync(context.Superuser, "update audit.cell set made_at = made_at + interval '3650 days'");
        return "the keys were made in ten years";
    }

    public override Task MendAsync(SabotageContext context, CancellationToken cancellationToken) =>
        TestDatabase.RunAsync(context.Superuser, "update audit.cell set made_at = made_at - interval '3650 days'");
}
