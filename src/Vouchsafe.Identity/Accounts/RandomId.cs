using System.Security.Cryptography;

namespace Vouchsafe.Identity.Accounts;

/// <summary>Ids that tell nothing: of version 4 (RFC 9562, section 5.4), 122 random bits. One of version 7 would say when an account was made.</summary>
internal static class RandomId
{
    public static Guid New()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        bytes[6] = (byte)(0x40 | (bytes[6] & 0x0f));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3f));
        return new Guid(bytes, bigEndian: true);
    }
}
