using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Cryptography.Keys;

namespace Vouchsafe.Transparency.Entries;

/// <summary>Which key seals whose values, and how the leaf names and the payload refers to them.</summary>
internal static class PersonKeys
{
    public static string Purpose => "audit-entry";

    private static string TagPurpose => "audit-tag";

    private static string ReferencePurpose => "audit-reference";

    /// <summary>The person's key, or for the system the tenant's.</summary>
    public static SecretKey Of(KeyRing keys, Guid tenant, Guid? person) =>
        person is { } id ? keys.SubjectKey(tenant, id).Required : keys.TenantKey(tenant).Required;

    /// <summary>HMAC-SHA256(key for tags, "vouchsafe/tag/v1" ‖ tenant ‖ who), cut to 16 bytes.</summary>
    public static Tag TagOf(SecretKey key, Guid tenant, Guid person, ReadOnlySpan<byte> system)
    {
        var label = "vouchsafe/tag/v1"u8;
        Span<byte> input = stackalloc byte[label.Length + 32 + 128];
        label.CopyTo(input);
        tenant.TryWriteBytes(input[label.Length..], bigEndian: true, out _);
        person.TryWriteBytes(input[(label.Length + 16)..], bigEndian: true, out _);
        system.CopyTo(input[(label.Length + 32)..]);
        return Tag.From(key.Derive(TagPurpose).Authenticate(input[..(label.Length + 32 + system.Length)]).Bytes);
    }

    /// <summary>
    /// 32 bytes to be XORed over the ids of actor and subject, so that who holds the tenant's key can find the key that opens the
    /// payload, and nobody else learns whose it is. A leaf hash never comes twice, so neither does the mask.
    /// </summary>
    public static Digest ReferenceMask(SecretKey tenantKey, in Digest leafHash) =>
        tenantKey.Derive(ReferencePurpose).Authenticate(leafHash.Bytes);
}
