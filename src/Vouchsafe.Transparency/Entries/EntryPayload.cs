using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Cryptography.Sealing;

namespace Vouchsafe.Transparency.Entries;

/// <summary>
/// The frame around an entry's sealed parts:
/// <c>version 1 ‖ parts 1 ‖ masked actor id 16 ‖ masked subject id 16 ‖ length of the first part 4 ‖ part [‖ part]</c>.
/// </summary>
internal static class EntryPayload
{
    public const byte Version = 1;
    public const int HeaderSize = 2 + 32 + 4;

    /// <summary>Actor's group and fields under one key.</summary>
    public const string Whole = "whole";
    public const string Actor = "actor";
    public const string Fields = "fields";

    public static AssociatedData Binding(ReadOnlySpan<byte> leaf, string part) =>
        new AssociatedData("vouchsafe/audit-entry/v1").Add(part).Add(leaf);

    public static void Mask(Span<byte> ids, in Digest mask)
    {
        for (var i = 0; i < ids.Length; i++)
            ids[i] ^= mask.Bytes[i];
    }
}
