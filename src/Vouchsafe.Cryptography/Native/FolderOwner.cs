using System.Runtime.InteropServices;

namespace Vouchsafe.Cryptography.Native;

/// <summary>Whose a folder is, which the framework doesn't tell.</summary>
internal static class FolderOwner
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint Uid = 0x8;           // STATX_UID
    private const int BufferSize = 256;     // struct statx, linux/stat.h: the same on every architecture
    private const int UidAt = 20;

    /// <summary>True where the folder is this process's user's, or where that can't be told (not Linux).</summary>
    public static bool IsOurs(string folder)
    {
        if (!OperatingSystem.IsLinux())
            return true;
        var buffer = new byte[BufferSize];
        return StatX(CurrentFolder, folder, 0, Uid, buffer) != 0 || BitConverter.ToUInt32(buffer, UidAt) == EffectiveUser();
    }

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static extern int StatX(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte[] buffer);

    [DllImport("libc", EntryPoint = "geteuid")]
    private static extern uint EffectiveUser();
}
