using System.Text;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Exports.Reading;

/// <summary>Reads the fields of a prune record that are evidence, and nothing longer than evidence is.</summary>
internal static class PruneFieldsReader
{
    /// <summary>In Base64.</summary>
    private const int LongestValue = (Proof.MostHashes * Digest.Size + 2) / 3 * 4;

    /// <param name="group">A group of fields that <see cref="FieldReader"/> has read.</param>
    public static PruneEvidence Read(ReadOnlySpan<byte> group)
    {
        var evidence = new PruneEvidence(null, null, null);
        var scanner = new LineScanner(group);
        Span<byte> name = stackalloc byte[EntryName.LongestField];
        Span<byte> value = stackalloc byte[LongestValue];
        scanner.Expect("["u8);
        for (var first = true; !scanner.Failed && !scanner.TryTake("]"u8); first = false)
        {
            scanner.Expect(first ? "[\""u8 : ",[\""u8);
            var field = name[..scanner.Text(name)];
            scanner.Expect(",\""u8);
            var text = value[..scanner.Text(value)];
            scanner.Expect(",\""u8);
            scanner.Plain();
            scanner.Expect("]"u8);
            // A field that stands there twice counts as it stands first.
            if (field.SequenceEqual("frozen"u8))
                evidence = evidence with { Frozen = evidence.Frozen ?? Encoding.ASCII.GetString(text) };
            else if (field.SequenceEqual("last"u8))
                evidence = evidence with { Last = evidence.Last ?? Encoding.ASCII.GetString(text) };
            else if (field.SequenceEqual("path"u8))
                evidence = evidence with { Path = evidence.Path ?? Encoding.ASCII.GetString(text) };
        }

        return evidence;
    }
}
