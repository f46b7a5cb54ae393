using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Entries;

namespace Vouchsafe.Transparency.Exports.Reading;

/// <summary>Reads a group of fields, <c>[["name","value","salt"],…]</c>, and commits to it on the way: no text is made of it.</summary>
internal sealed class FieldReader
{
    /// <summary>One byte with the name's length, the name, the value: what a commitment is made of.</summary>
    private readonly byte[] content = new byte[1 + EntryName.LongestField + Commitment.LongestValue];
    private readonly Digest[] commitments = new Digest[Commitment.MostFields];

    /// <param name="scanner">Stands before the group; fails where there is none.</param>
    /// <param name="root">The root over the fields' commitments, where they are disclosed.</param>
    public Disclosure Read(ref LineScanner scanner, out Digest root)
    {
        root = default;
        if (scanner.TryTake("\"erased\""u8))
            return Disclosure.Erased;
        if (scanner.TryTake("\"unreadable\""u8))
            return Disclosure.Unreadable;
        scanner.Expect("["u8);
        Span<byte> salt = stackalloc byte[Commitment.SaltSize];
        var (count, total) = (0, 0);
        while (!scanner.Failed && !scanner.TryTake("]"u8))
        {
            scanner.Expect(count == 0 ? "[\""u8 : ",[\""u8);
            var name = scanner.Text(content.AsSpan(1, EntryName.LongestField));
            scanner.Expect(",\""u8);
            var value = scanner.Text(content.AsSpan(1 + name, Commitment.LongestValue));
            scanner.Expect(",\""u8);
            scanner.Hex(salt);
            scanner.Expect("]"u8);
            total += name + value;
            if (scanner.Failed || count == Commitment.MostFields || total > Commitment.LongestGroup || !EntryName.IsField(content.AsSpan(1, name)))
            {
                scanner.Fail();
                return Disclosure.Unreadable;
            }
            content[0] = (byte)name;
            commitments[count++] = Commitment.Of(salt, content.AsSpan(0, 1 + name + value));
        }
        root = Commitment.Root(commitments.AsSpan(0, count));
        return Disclosure.Disclosed;
    }
}
