namespace Vouchsafe.Cryptography.Native;

/// <summary>A file that only its owner may read and that is replaced whole: after a crash or a loss of power it holds the old content or the new.</summary>
public static class DurableFile
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Returns when content and name are on the disk. For one writer at a time; makes the folder where there is none.</summary>
    /// <exception cref="IOException">It can't be stored; the old content stands.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        MakeFolder(folder);
        var fresh = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Owner;
        using (var file = new FileStream(fresh, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(fresh, path, overwrite: true);
        DurableFolder.Flush(folder);
    }

    /// <summary>Deletes the file so that it stays deleted.</summary>
    public static void Delete(string path)
    {
        if (!File.Exists(path)) return;
        File.Delete(path);
        DurableFolder.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Makes the folder and those above it, readable by their owner alone; each name is on the disk when it returns.</summary>
    public static void MakeFolder(string path)
    {
        if (Directory.Exists(path)) return;
        var parent = Path.GetDirectoryName(Path.GetFullPath(path));
        if (parent is not null) MakeFolder(parent);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, Owner | UnixFileMode.UserExecute);
        if (parent is not null) DurableFolder.Flush(parent);
    }
}
