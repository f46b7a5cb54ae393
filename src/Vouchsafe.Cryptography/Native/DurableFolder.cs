using System.Runtime.InteropServices;

namespace Vouchsafe.Cryptography.Native;

/// <summary>Makes the names in a folder survive a loss of power (on Unix; Windows journals them itself).</summary>
internal static partial class DurableFolder
{
    private const int ReadOnly = 0;

    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
            throw new IOException($"{folder} can't be opened to be flushed.");
        var failed = Sync(descriptor) != 0;
        _ = Close(descriptor);
        if (failed)
            throw new IOException($"{folder} can't be flushed.");
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
