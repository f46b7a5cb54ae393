using System.Buffers;

namespace Vouchsafe.Transparency.Entries;

/// <summary>Which names may stand in an entry.</summary>
internal static class EntryName
{
    public const int LongestField = 64;

    private static readonly SearchValues<byte> EventBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-"u8);
    private static readonly SearchValues<byte> FieldBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"u8);

    public static bool IsEvent(ReadOnlySpan<byte> name) =>
        name.Length is > 0 and <= Leaf.LongestEvent && !name.ContainsAnyExcept(EventBytes);

    public static bool IsField(ReadOnlySpan<byte> name) =>
        name.Length is > 0 and <= LongestField && !name.ContainsAnyExcept(FieldBytes);
}
