using System.Diagnostics;
using System.Runtime.Versioning;
using Vouchsafe.Cryptography.Keys;
using Xunit;

namespace Vouchsafe.Cryptography.Tests.Keys;

/// <summary>A key store that others may read is no secret any more, whoever made it so.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class KeyFolderTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("vouchsafe-keys-").FullName, "keys");

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.GroupExecute)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.OtherExecute)]
    public void A_folder_that_others_may_enter_is_refused_once_it_holds_keys(UnixFileMode more)
    {
        new FolderKeyStore(_folder).ReadRoot();
        File.SetUnixFileMode(_folder, Owner | more);
        var refused = Assert.Throws<KeyStoreException>(() => new FolderKeyStore(_folder));
        Assert.Contains("chmod 700", refused.Message, StringComparison.Ordinal);
        File.SetUnixFileMode(_folder, Owner);
        new FolderKeyStore(_folder).ReadRoot();
    }

    [Fact]
    public void A_root_key_that_others_may_read_is_refused()
    {
        new FolderKeyStore(_folder).ReadRoot();
        File.SetUnixFileMode(Path.Combine(_folder, "root.key"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Contains("root.key", Assert.Throws<KeyStoreException>(() => new FolderKeyStore(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_folder_is_closed_to_others()
    {
        Directory.CreateDirectory(_folder, Owner | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        _ = new FolderKeyStore(_folder);
        Assert.Equal(Owner, File.GetUnixFileMode(_folder));
    }

    [Fact]
    public void A_folder_of_somebody_else_is_refused()
    {
        // Only root can give a folder away; anybody else finds one that isn't theirs.
        var theirs = "/root";
        if (Environment.IsPrivilegedProcess)
        {
            new FolderKeyStore(_folder).ReadRoot();
            using var given = Process.Start("chown", ["-R", "nobody", _folder]);
            given.WaitForExit();
            theirs = _folder;
        }

        Assert.Throws<KeyStoreException>(() => new FolderKeyStore(theirs));
    }

    [Fact]
    public void A_link_to_a_folder_that_others_may_enter_is_judged_by_the_folder()
    {
        new FolderKeyStore(_folder).ReadRoot();
        File.SetUnixFileMode(_folder, Owner | UnixFileMode.OtherRead);
        Directory.CreateSymbolicLink(_folder + "-link", _folder);
        Assert.Throws<KeyStoreException>(() => new FolderKeyStore(_folder + "-link"));
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
}
