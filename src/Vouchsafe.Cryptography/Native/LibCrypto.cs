using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Vouchsafe.Cryptography.Native;

/// <summary>OpenSSL's libcrypto, where the machine has it. Nothing but signing depends on it.</summary>
internal static class LibCrypto
{
    private static readonly string[] Names =
    [
        "libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.3.dylib", "libcrypto-3-x64.dll", "libcrypto-3-arm64.dll",
    ];

    private static readonly nint Library = Open();

    public static bool IsThere => Library != 0;

    public static bool TryGet(string function, out nint address)
    {
        address = 0;
        return Library != 0 && NativeLibrary.TryGetExport(Library, function, out address);
    }

    /// <exception cref="PlatformNotSupportedException">libcrypto is absent, or too old to have the function.</exception>
    public static nint Get(string function) =>
        TryGet(function, out var address) ? address : Missing(function);

    [DoesNotReturn]
    private static nint Missing(string function) => throw new PlatformNotSupportedException(
        $"OpenSSL's libcrypto (3, or 1.1.1) is needed for signing, and {(IsThere ? $"the one found lacks {function}" : "none was found")}.");

    private static nint Open()
    {
        foreach (var name in Names)
            if (NativeLibrary.TryLoad(name, out var handle))
                return handle;
        return 0;
    }
}
