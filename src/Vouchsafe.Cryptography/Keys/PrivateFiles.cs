using System.Security.Cryptography;
using Vouchsafe.Cryptography.Native;

namespace Vouchsafe.Cryptography.Keys;

/// <summary>Files that only their owner may read, that appear whole or not at all, and that survive a loss of power.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

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
