using System.Buffers.Binary;

namespace Vouchsafe.Transparency.Checkpoints;

/// <summary>One signature line: <c>— name base64(key id ‖ signature)</c>.</summary>
/// <param name="Name">The signer's name.</param>
/// <param name="KeyId">The first four bytes, which say which of the signer's keys it is.</param>
/// <param name="Bytes">What follows them.</param>
public sealed record NoteSignature(string Name, uint KeyId, ReadOnlyMemory<byte> Bytes)
{
    private const string Prefix = "— ";
    private const int LongestSignature = 1024;

    public override string ToString()
    {
        var bytes = new byte[4 + Bytes.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, KeyId);
        Bytes.Span.CopyTo(bytes.AsSpan(4));
        return $"{Prefix}{Name} {Convert.ToBase64String(bytes)}";
    }

    internal static NoteSignature Parse(string line)
    {
        if (line.StartsWith(Prefix, StringComparison.Ordinal)
            && line[Prefix.Length..].Split(' ') is [var name, var text] && NoteName.IsValid(name)
            && CanonicalBase64.TryDecode(text, LongestSignature) is { Length: > 4 } bytes)
            return new NoteSignature(name, BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes.AsMemory(4));
        throw new NoteException("A signature line is not of the form: — name base64.");
    }
}
