using System.Runtime.InteropServices;

namespace Vouchsafe.Cryptography.Tests.Signatures;

/// <summary>The peer: OpenSSL's own verification.</summary>
internal static unsafe class LibCryptoVerify
{
    private static readonly nint Library = NativeLibrary.Load("libcrypto.so.3");

    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        var newKey = (delegate* unmanaged<int, nint, byte*, nuint, nint>)NativeLibrary.GetExport(Library, "EVP_PKEY_new_raw_public_key");
        var freeKey = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(Library, "EVP_PKEY_free");
        var newContext = (delegate* unmanaged<nint>)NativeLibrary.GetExport(Library, "EVP_MD_CTX_new");
        var freeContext = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(Library, "EVP_MD_CTX_free");
        var init = (delegate* unmanaged<nint, nint*, nint, nint, nint, int>)NativeLibrary.GetExport(Library, "EVP_DigestVerifyInit");
        var verify = (delegate* unmanaged<nint, byte*, nuint, byte*, nuint, int>)NativeLibrary.GetExport(Library, "EVP_DigestVerify");
        byte empty = 0;
        fixed (byte* k = publicKey, m = message, s = signature)
        {
            var key = newKey(1087, 0, k, (nuint)publicKey.Length);
            var context = newContext();
            var verdict = key != 0 && init(context, null, 0, 0, key) == 1
                && verify(context, s, (nuint)signature.Length, m == null ? &empty : m, (nuint)message.Length) == 1;
            freeContext(context);
            freeKey(key);
            return verdict;
        }
    }
}
