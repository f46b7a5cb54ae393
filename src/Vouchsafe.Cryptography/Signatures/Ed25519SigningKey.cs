using System.Security.Cryptography;
using Vouchsafe.Cryptography.Native;

namespace Vouchsafe.Cryptography.Signatures;

/// <summary>An Ed25519 private key (RFC 8032 §5.1.5: the 32-byte seed). Signs through OpenSSL's libcrypto.</summary>
public sealed unsafe class Ed25519SigningKey
{
    private const int Ed25519Type = 1087;

    private readonly byte[] seed;

    /// <param name="seed">32 secret bytes, drawn at random or derived for this purpose alone.</param>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    /// <exception cref="PlatformNotSupportedException">There is no libcrypto.</exception>
    public Ed25519SigningKey(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != Ed25519.SeedSize)
            throw new ArgumentException($"A seed has {Ed25519.SeedSize} bytes, not {seed.Length}.", nameof(seed));
        this.seed = GC.AllocateUninitializedArray<byte>(Ed25519.SeedSize, pinned: true);
        seed.CopyTo(this.seed);
        var publicKey = new byte[Ed25519.PublicKeySize];
        var key = Open();
        fixed (byte* bytes = publicKey)
        {
            var size = (nuint)publicKey.Length;
            var done = Functions.GetPublic(key, bytes, &size) == 1 && size == Ed25519.PublicKeySize;
            Functions.FreeKey(key);
            Demand(done);
        }
        PublicKey = publicKey;
    }

    /// <summary>The 32 bytes that verify this key's signatures.</summary>
    public ReadOnlyMemory<byte> PublicKey { get; }

    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        var signature = new byte[Ed25519.SignatureSize];
        var size = (nuint)signature.Length;
        byte empty = 0;
        var key = Open();
        var context = Functions.NewContext();
        try
        {
            fixed (byte* start = message, output = signature)
                Demand(context != 0
                    && Functions.SignInit(context, null, 0, 0, key) == 1
                    && Functions.Sign(context, output, &size, start == null ? &empty : start, (nuint)message.Length) == 1
                    && size == Ed25519.SignatureSize);
        }
        finally
        {
            Functions.FreeContext(context);
            Functions.FreeKey(key);
        }
        return signature;
    }

    private nint Open()
    {
        fixed (byte* start = seed)
        {
            var key = Functions.NewPrivate(Ed25519Type, 0, start, Ed25519.SeedSize);
            Demand(key != 0);
            return key;
        }
    }

    private static void Demand(bool done)
    {
        if (!done)
            throw new CryptographicException("libcrypto refused to use the Ed25519 key.");
    }

    /// <summary>Bound at first use, so that verification needs none of them.</summary>
    private static class Functions
    {
        public static readonly delegate* unmanaged<int, nint, byte*, nuint, nint> NewPrivate =
            (delegate* unmanaged<int, nint, byte*, nuint, nint>)LibCrypto.Get("EVP_PKEY_new_raw_private_key");

        public static readonly delegate* unmanaged<nint, byte*, nuint*, int> GetPublic =
            (delegate* unmanaged<nint, byte*, nuint*, int>)LibCrypto.Get("EVP_PKEY_get_raw_public_key");

        public static readonly delegate* unmanaged<nint, void> FreeKey =
            (delegate* unmanaged<nint, void>)LibCrypto.Get("EVP_PKEY_free");

        public static readonly delegate* unmanaged<nint> NewContext =
            (delegate* unmanaged<nint>)LibCrypto.Get("EVP_MD_CTX_new");

        public static readonly delegate* unmanaged<nint, void> FreeContext =
            (delegate* unmanaged<nint, void>)LibCrypto.Get("EVP_MD_CTX_free");

        public static readonly delegate* unmanaged<nint, nint*, nint, nint, nint, int> SignInit =
            (delegate* unmanaged<nint, nint*, nint, nint, nint, int>)LibCrypto.Get("EVP_DigestSignInit");

        public static readonly delegate* unmanaged<nint, byte*, nuint*, byte*, nuint, int> Sign =
            (delegate* unmanaged<nint, byte*, nuint*, byte*, nuint, int>)LibCrypto.Get("EVP_DigestSign");
    }
}
