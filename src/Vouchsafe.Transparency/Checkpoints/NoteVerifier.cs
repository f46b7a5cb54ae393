using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Cryptography.Signatures;

namespace Vouchsafe.Transparency.Checkpoints;

/// <summary>What kind of signature a key makes (C2SP signed-note, "signature types").</summary>
public enum NoteKeyType : byte
{
    /// <summary>Ed25519 over the note's text.</summary>
    Ed25519 = 0x01,

    /// <summary>A witness's timestamped cosignature/v1 (C2SP tlog-cosignature).</summary>
    Cosignature = 0x04,
}

/// <summary>A public key that verifies notes; written as a vkey: <c>name+key id in hex+base64(type ‖ public key)</c>.</summary>
public sealed class NoteVerifier
{
    private const int LongestKey = 512;
    private const int TimeSize = 8;

    private readonly byte[] publicKey;

    /// <exception cref="NoteException">The name can't stand in a note, or the key is not 32 bytes.</exception>
    public NoteVerifier(string name, ReadOnlySpan<byte> publicKey, NoteKeyType type = NoteKeyType.Ed25519)
    {
        if (!NoteName.IsValid(name))
            throw new NoteException("A signer's name has 1 to 255 characters, without white space and without +.");
        if (publicKey.Length != Ed25519.PublicKeySize)
            throw new NoteException($"An Ed25519 public key has {Ed25519.PublicKeySize} bytes.");
        Name = name;
        Type = type;
        this.publicKey = publicKey.ToArray();
        KeyId = IdOf(name, type, publicKey);
    }

    public string Name { get; }

    public NoteKeyType Type { get; }

    public uint KeyId { get; }

    public ReadOnlyMemory<byte> PublicKey => publicKey;

    /// <exception cref="NoteException">Not a vkey of a known type, or its key id does not fit.</exception>
    public static NoteVerifier Parse(string vkey)
    {
        if (vkey.Length <= LongestKey && vkey.Split('+', 3) is [var name, { Length: 8 } id, var key]
            && id.All(char.IsAsciiHexDigitLower)
            && uint.TryParse(id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var keyId)
            && CanonicalBase64.TryDecode(key, 1 + Ed25519.PublicKeySize) is { Length: 1 + Ed25519.PublicKeySize } bytes
            && (NoteKeyType)bytes[0] is NoteKeyType.Ed25519 or NoteKeyType.Cosignature)
        {
            var verifier = new NoteVerifier(name, bytes.AsSpan(1), (NoteKeyType)bytes[0]);
            return verifier.KeyId == keyId ? verifier : throw new NoteException("The verifier key's id does not belong to its name and key.");
        }
        throw new NoteException("Not a verifier key of the form name+id+base64.");
    }

    /// <summary>Whether this is the key's signature over the text. Never throws.</summary>
    public bool Verify(string text, NoteSignature signature) => Verify(text, signature, out _);

    /// <summary>As <see cref="Verify(string, NoteSignature)"/>; gives the time that a cosignature carries, else null.</summary>
    public bool Verify(string text, NoteSignature signature, out DateTimeOffset? time)
    {
        time = null;
        if (signature.Name != Name || signature.KeyId != KeyId)
            return false;
        if (Type == NoteKeyType.Ed25519)
            return Ed25519.Verify(publicKey, Encoding.UTF8.GetBytes(text), signature.Bytes.Span);
        if (signature.Bytes.Length != TimeSize + Ed25519.SignatureSize)
            return false;
        var seconds = BinaryPrimitives.ReadUInt64BigEndian(signature.Bytes.Span);
        if (seconds > (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            || !Ed25519.Verify(publicKey, CosignedMessage(text, (long)seconds), signature.Bytes.Span[TimeSize..]))
            return false;
        time = DateTimeOffset.FromUnixTimeSeconds((long)seconds);
        return true;
    }

    public override string ToString() =>
        $"{Name}+{KeyId:x8}+{Convert.ToBase64String([(byte)Type, .. publicKey])}";

    internal static byte[] CosignedMessage(string text, long seconds) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {seconds}\n{text}"));

    private static uint IdOf(string name, NoteKeyType type, ReadOnlySpan<byte> publicKey) =>
        BinaryPrimitives.ReadUInt32BigEndian(Sha256.Hash([.. Encoding.UTF8.GetBytes(name), (byte)'\n', (byte)type, .. publicKey]).Bytes);
}
