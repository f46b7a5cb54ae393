using System.Security.Cryptography;
using Vouchsafe.Cryptography.Native;

namespace Vouchsafe.Cryptography.Keys;

/// <summary>Files that only their owner may read, that appear whole or not at all, and that survive a loss of power.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path))
            return;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, Owner | UnixFileMode.UserExecute);
        if (Path.GetDirectoryName(path) is { } parent)
            DurableFolder.Flush(parent);
    }

    /// <summary>Refuses a folder that is somebody else's, or that others may enter. One that is empty still is closed to them instead: nothing was there to read.</summary>
    /// <param name="secret">The file in it that matters most, which nobody else may read either.</param>
    /// <exception cref="KeyStoreException">Says what is wrong, and how to mend it.</exception>
    public static void MustBeOurs(string folder, string secret)
    {
        if (OperatingSystem.IsWindows())
            return;
        // Of a link, what it leads to counts.
        var real = Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? folder;
        if (!FolderOwner.IsOurs(real))
            throw new KeyStoreException($"The key folder {folder} belongs to another account, which could replace the keys. Give it to the account that runs this: chown -R.");
        if ((File.GetUnixFileMode(real) & Others) != 0)
        {
            if (Directory.EnumerateFileSystemEntries(real).Any())
                throw new KeyStoreException($"The key folder {folder} can be entered by other accounts, which may have read the keys. Close it: chmod 700 {folder}; and consider new keys.");
            File.SetUnixFileMode(real, Owner | UnixFileMode.UserExecute);
        }

        if (File.Exists(secret) && (File.GetUnixFileMode(secret) & Others) != 0)
            throw new KeyStoreException($"{secret} can be read by other accounts. Close it: chmod 600 {secret}; and consider new keys.");
    }

    /// <summary>The file's bytes, or null where there is none.</summary>
    /// <exception cref="IOException">Longer than <paramref name="most"/> bytes.</exception>
    public static byte[]? Read(string path, int most)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (file.Length > most)
                throw new IOException($"{path} is longer than {most} bytes.");
            var content = new byte[file.Length];
            file.ReadExactly(content);
            return content;
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Creates the file with this content where there is none; false where another came first.</summary>
    public static bool TryCreate(string path, ReadOnlySpan<byte> content)
    {
        var temporary = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}.new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Owner;
        try
        {
            using (var file = new FileStream(temporary, options))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            var first = FirstName.TryGive(temporary, path);
            DurableFolder.Flush(Path.GetDirectoryName(path)!);
            return first;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Overwrites and deletes. On a file system that copies on write, or a disk that levels wear, the old bytes may
    /// outlive this: what they are wrapped under is the second line.</summary>
    public static void Erase(string path)
    {
        try
        {
            using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
            {
                file.Write(new byte[file.Length]);
                file.Flush(flushToDisk: true);
            }
            File.Delete(path);
            DurableFolder.Flush(Path.GetDirectoryName(path)!);
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            // Nothing there to erase, or another node erased it at the same time.
        }
    }
}
