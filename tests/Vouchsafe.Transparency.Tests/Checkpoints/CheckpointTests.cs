using System.Security.Cryptography;
using System.Text;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Tests.Trees;
using Vouchsafe.Transparency.Trees;
using Xunit;

namespace Vouchsafe.Transparency.Tests.Checkpoints;

public sealed class CheckpointTests
{
    private static readonly NoteSigner Signer = new("log.example/abc", new Ed25519SigningKey(RandomNumberGenerator.GetBytes(32)));
    private static readonly Checkpoint Sample = new("log.example/abc", new TreeHead(1234, NaiveTree.Root(NaiveTree.Leaves(1234))));

    [Fact]
    public void The_example_of_the_signed_note_specification_verifies()
    {
        // C2SP signed-note and Go's sumdb/note: the key PeterNeumann and its note.
        const string vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        const string note = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
            + "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
        var key = NoteVerifier.Parse(vkey);
        Assert.Equal(vkey, key.ToString());
        var parsed = SignedNote.Parse(note);
        Assert.True(parsed.IsSignedBy(key));
        Assert.Equal(note, parsed.ToString());
        Assert.False(SignedNote.Parse(note.Replace("answer", "Answer")).IsSignedBy(key));
    }

    [Fact]
    public void A_checkpoint_survives_signing_and_reading()
    {
        var note = Sample.Sign(Signer);
        var read = SignedNote.Parse(Encoding.UTF8.GetBytes(note.ToString()));
        var opened = Checkpoint.Open(read, NoteVerifier.Parse(Signer.Verifier.ToString()));
        Assert.Equal(Sample.Head, opened.Head);
        Assert.Equal(Sample.Origin, opened.Origin);
        var other = new NoteSigner("log.example/abc", new Ed25519SigningKey(RandomNumberGenerator.GetBytes(32)));
        Assert.Throws<NoteException>(() => Checkpoint.Open(read, other.Verifier));
        Assert.Throws<NoteException>(() => Checkpoint.Open(read, Signer.Verifier, "log.example/other"));
    }

    [Fact]
    public void A_key_s_false_signature_beside_its_true_one_refuses_the_note()
    {
        var note = Sample.Sign(Signer);
        var bad = note.Signatures[0] with { Bytes = new byte[64] };
        Assert.False(note.With(bad).IsSignedBy(Signer.Verifier));
        Assert.True(note.With(bad with { KeyId = 7 }).IsSignedBy(Signer.Verifier));
    }

    [Fact]
    public void A_witness_signs_with_the_time()
    {
        var witness = NoteSigner.Witness("witness.example", new Ed25519SigningKey(RandomNumberGenerator.GetBytes(32)), TimeProvider.System);
        var note = Sample.Sign(Signer, witness);
        var key = NoteVerifier.Parse(witness.Verifier.ToString());
        Assert.Equal(NoteKeyType.Cosignature, key.Type);
        Assert.True(SignedNote.Parse(note.ToString()).IsSignedBy(key));
        Assert.True(key.Verify(note.Text, note.Signatures[1], out var time));
        Assert.InRange(time!.Value, DateTimeOffset.UnixEpoch, TimeProvider.System.GetUtcNow());
        var moved = note.Signatures[1].Bytes.ToArray();
        moved[7] ^= 1;
        Assert.False(key.Verify(note.Text, note.Signatures[1] with { Bytes = moved }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("a\n0\n")]
    [InlineData("a\n01\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")]
    [InlineData("a\n-1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")]
    [InlineData("a\n+1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")]
    [InlineData("a\n9223372036854775808\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")]
    [InlineData("a\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n")]
    [InlineData("a\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n")]
    [InlineData("a\n1\n AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")]
    [InlineData("a\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("a\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n")]
    [InlineData("\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")]
    [InlineData("a\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")]
    public void Text_that_is_no_checkpoint_is_refused(string text) => Assert.Throws<NoteException>(() => Checkpoint.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("PeterNeumann")]
    [InlineData("PeterNeumann+c74f20a3+")]
    [InlineData("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("PeterNeumann+c74f20a3+AhpcyQcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWAA==")]
    public void What_is_no_verifier_key_is_refused(string vkey) => Assert.Throws<NoteException>(() => NoteVerifier.Parse(vkey));

    [Fact]
    public void A_damaged_note_never_opens_and_throws_nothing_else()
    {
        var note = Encoding.UTF8.GetBytes(Sample.Sign(Signer).ToString());
        for (var round = 0; round < 2000; round++)
        {
            var damaged = note.ToArray();
            switch (round % 4)
            {
                case 0:
                    damaged[RandomNumberGenerator.GetInt32(damaged.Length)] ^= (byte)(1 << RandomNumberGenerator.GetInt32(8));
                    break;
                case 1:
                    damaged = damaged[..RandomNumberGenerator.GetInt32(damaged.Length)];
                    break;
                case 2:
                    damaged = [.. damaged, .. RandomNumberGenerator.GetBytes(1 + RandomNumberGenerator.GetInt32(20))];
                    break;
                default:
                    damaged[RandomNumberGenerator.GetInt32(damaged.Length)] = (byte)'\n';
                    break;
            }
            if (damaged.AsSpan().SequenceEqual(note))
                continue;
            Assert.Throws<NoteException>(() => Checkpoint.Open(SignedNote.Parse(damaged), Signer.Verifier));
        }
        Assert.Throws<NoteException>(() => SignedNote.Parse(new byte[SignedNote.LongestNote + 1]));
    }
}
