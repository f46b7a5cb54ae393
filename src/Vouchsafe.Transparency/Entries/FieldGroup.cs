using System.Buffers.Binary;
using System.Text;
using Vouchsafe.Cryptography.Hashing;

namespace Vouchsafe.Transparency.Entries;

/// <summary>
/// Fields as they are sealed: <c>count 1 ‖ (salt 16 ‖ length of value 2 ‖ length of name 1 ‖ name ‖ value)*</c>.
/// </summary>
internal static class FieldGroup
{
    private const int PerField = Commitment.SaltSize + 2 + 1;

    /// <summary>How many bytes the fields take at most; refuses what is too much before room is made for it.</summary>
    public static int Bound(IReadOnlyList<EntryField> fields)
    {
        if (fields.Count > Commitment.MostFields)
            throw new EntryException($"An entry has at most {Commitment.MostFields} fields.");
        var size = 1;
        for (var i = 0; i < fields.Count; i++)
        {
            if (fields[i].Name.Length > EntryName.LongestField || fields[i].Value.Length > Commitment.LongestValue)
                throw new EntryException($"A field's name has at most {EntryName.LongestField} bytes, its value {Commitment.LongestValue}.");
            size += PerField + Encoding.UTF8.GetMaxByteCount(fields[i].Name.Length) + Encoding.UTF8.GetMaxByteCount(fields[i].Value.Length);
        }
        return size;
    }

    /// <summary>Writes the fields and commits to them.</summary>
    /// <param name="salts">16 fresh random bytes for each field.</param>
    /// <returns>The bytes written, and the root over the commitments.</returns>
    public static (int Written, Digest Root) Write(Span<byte> output, IReadOnlyList<EntryField> fields, ReadOnlySpan<byte> salts)
    {
        Span<Digest> commitments = stackalloc Digest[Commitment.MostFields];
        output[0] = (byte)fields.Count;
        var at = 1;
        for (var i = 0; i < fields.Count; i++)
        {
            var salt = salts.Slice(i * Commitment.SaltSize, Commitment.SaltSize);
            salt.CopyTo(output[at..]);
            var content = output[(at + Commitment.SaltSize + 2)..];
            var nameSize = Encoding.UTF8.GetBytes(fields[i].Name, content[1..]);
            if (!EntryName.IsField(content.Slice(1, nameSize)))
                throw new EntryException($"A field's name has 1 to {EntryName.LongestField} ASCII letters, digits, dots, hyphens or underscores.");
            content[0] = (byte)nameSize;
            var valueSize = Encoding.UTF8.GetBytes(fields[i].Value, content[(1 + nameSize)..]);
            if (valueSize > Commitment.LongestValue)
                throw new EntryException($"A field's value has at most {Commitment.LongestValue} bytes.");
            BinaryPrimitives.WriteUInt16BigEndian(output[(at + Commitment.SaltSize)..], (ushort)valueSize);
            commitments[i] = Commitment.Of(salt, content[..(1 + nameSize + valueSize)]);
            at += PerField + nameSize + valueSize;
        }
        if (at > Commitment.LongestGroup)
            throw new EntryException($"An entry's fields have at most {Commitment.LongestGroup} bytes together.");
        return (at, Commitment.Root(commitments[..fields.Count]));
    }

    /// <summary>Reads a group from the front of the bytes; null where they hold none.</summary>
    public static (DisclosedField[] Fields, Digest Root, int Read)? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[0] > Commitment.MostFields)
            return null;
        var fields = new DisclosedField[bytes[0]];
        Span<Digest> commitments = stackalloc Digest[fields.Length];
        var at = 1;
        for (var i = 0; i < fields.Length; i++)
        {
            if (bytes.Length - at < PerField)
                return null;
            var salt = bytes.Slice(at, Commitment.SaltSize);
            var valueSize = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + Commitment.SaltSize)..]);
            var content = bytes[(at + Commitment.SaltSize + 2)..];
            var nameSize = content[0];
            if (content.Length < 1 + nameSize + valueSize)
                return null;
            fields[i] = new DisclosedField(
                Encoding.UTF8.GetString(content.Slice(1, nameSize)),
                Encoding.UTF8.GetString(content.Slice(1 + nameSize, valueSize)),
                salt.ToArray());
            commitments[i] = Commitment.Of(salt, content[..(1 + nameSize + valueSize)]);
            at += PerField + nameSize + valueSize;
        }
        return (fields, Commitment.Root(commitments), at);
    }
}
