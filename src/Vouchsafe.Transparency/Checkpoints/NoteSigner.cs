using System.Buffers.Binary;
using System.Text;
using Vouchsafe.Cryptography.Signatures;

namespace Vouchsafe.Transparency.Checkpoints;

/// <summary>A named private key that signs notes.</summary>
public sealed class NoteSigner
{
    private readonly Ed25519SigningKey key;
    private readonly TimeProvider? time;

    /// <param name="name">The signer's name; for a log, its origin.</param>
    /// <param name="key">The private key.</param>
    /// <exception cref="NoteException">The name can't stand in a note.</exception>
    public NoteSigner(string name, Ed25519SigningKey key)
    {
        this.key = key;
        Verifier = new NoteVerifier(name, key.PublicKey.Span);
    }

    private NoteSigner(string name, Ed25519SigningKey key, TimeProvider time)
    {
        this.key = key;
        this.time = time;
        Verifier = new NoteVerifier(name, key.PublicKey.Span, NoteKeyType.Cosignature);
    }

    /// <summary>The public half.</summary>
    public NoteVerifier Verifier { get; }

    /// <summary>A witness's signer: cosignature/v1, with the time of signing.</summary>
    public static NoteSigner Witness(string name, Ed25519SigningKey key, TimeProvider time) => new(name, key, time);

    public NoteSignature Sign(string text)
    {
        if (time is null)
            return new NoteSignature(Verifier.Name, Verifier.KeyId, key.Sign(Encoding.UTF8.GetBytes(text)));
        var seconds = time.GetUtcNow().ToUnixTimeSeconds();
        var bytes = new byte[8 + Ed25519.SignatureSize];
        BinaryPrimitives.WriteInt64BigEndian(bytes, seconds);
        key.Sign(NoteVerifier.CosignedMessage(text, seconds)).CopyTo(bytes, 8);
        return new NoteSignature(Verifier.Name, Verifier.KeyId, bytes);
    }
}
