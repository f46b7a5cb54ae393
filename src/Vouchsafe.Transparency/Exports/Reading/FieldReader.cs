using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Entries;

namespace Vouchsafe.Transparency.Exports.Reading;

/// <summary>A group of fields as it was read.</summary>
/// <param name="First">Where its commitments are in the batch.</param>
/// <param name="Count">How many there are, one after the other.</param>
internal readonly record struct ReadGroup(Disclosure State, int First, int Count);

/// <summary>Reads a group of fields, <c>[["name","value","salt"],…]</c>, and commits to it on the way: no text is made of it.</summary>
internal sealed class FieldReader(Sha256Batch batch)
{
    /// <summary>One byte with the name's length, the name, the value: what a commitment is made of.</summary>
    private readonly byte[] content = new byte[1 + EntryName.LongestField + Commitment.LongestValue];

    /// <param name="scanner">Stands before the group; fails where there is none.</param>
    public ReadGroup Read(ref LineScanner scanner)
    {
        if (scanner.TryTake("\"erased\""u8))
            return new(Disclosure.Erased, 0, 0);
        if (scanner.TryTake("\"unreadable\""u8))
            return new(Disclosure.Unreadable, 0, 0);
        scanner.Expect("["u8);
        Span<byte> salt = stackalloc byte[Commitment.SaltSize];
        var (first, count, total) = (0, 0, 0);
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
                break;
            }
            content[0] = (byte)name;
            var slot = Commitment.Add(batch, salt, content.AsSpan(0, 1 + name + value));
            first = count++ == 0 ? slot : first;
        }
        return new(Disclosure.Disclosed, first, count);
    }
}
