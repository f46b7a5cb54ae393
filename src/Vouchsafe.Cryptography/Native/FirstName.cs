using System.Runtime.InteropServices;

namespace Vouchsafe.Cryptography.Native;

/// <summary>Gives a finished file its name, where nobody was faster.</summary>
/// <remarks>
/// The framework's move without overwriting looks first and renames then, so that of two racers the second wins and the first is
/// lost. link(2) does both at once (POSIX: it fails with EEXIST where the name is taken).
/// </remarks>
internal static partial class FirstName
{
    private const int NameTaken = 17;

    /// <returns>False where the name is taken; the file then keeps the one it has.</returns>
    /// <exception cref="IOException">The file system can't.</exception>
    public static bool TryGive(string file, string name)
    {
        if (OperatingSystem.IsWindows())
            return TryMove(file, name);
        if (Link(file, name) != 0)
            return Marshal.GetLastPInvokeError() == NameTaken ? false : throw new IOException($"{name} can't be linked: {Marshal.GetLastPInvokeErrorMessage()}.");
        File.Delete(file);
        return true;
    }

    private static bool TryMove(string file, string name)
    {
        try
        {
            File.Move(file, name, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(name))
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Link(string existing, string added);
}
