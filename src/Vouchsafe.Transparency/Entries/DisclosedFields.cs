using System.Text;
using Vouchsafe.Cryptography.Hashing;

namespace Vouchsafe.Transparency.Entries;

/// <summary>Holds disclosed fields to the root that a leaf commits to, for whoever was shown them.</summary>
public static class DisclosedFields
{
    /// <returns>The root over the fields' commitments, or null where they are more, longer or other than fields can be.</returns>
    public static Digest? Root(IReadOnlyList<DisclosedField> fields)
    {
        if (fields.Count > Commitment.MostFields) return null;
        var commitments = new Digest[fields.Count];
        for (var i = 0; i < commitments.Length; i++)
        {
            var field = fields[i];
            var name = Encoding.UTF8.GetBytes(field.Name);
            var value = Encoding.UTF8.GetBytes(field.Value);
            if (field.Salt.Length != Commitment.SaltSize || !EntryName.IsField(name) || value.Length > Commitment.LongestValue) return null;
            commitments[i] = Commitment.Of(field.Salt.Span, [(byte)name.Length, .. name, .. value]);
        }
        return Commitment.Root(commitments);
    }
}
