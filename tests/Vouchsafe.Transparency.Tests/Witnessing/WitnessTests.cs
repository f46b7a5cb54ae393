using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Testing.Time;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Tests.Trees;
using Vouchsafe.Transparency.Trees;
using Vouchsafe.Transparency.Witnessing;
using Xunit;

namespace Vouchsafe.Transparency.Tests.Witnessing;

/// <summary>A witness takes steps forward and nothing else, and remembers over a restart.</summary>
public sealed class WitnessTests : IDisposable
{
    private static readonly NoteSigner Log = Signer("log.example/roll-up");
    private readonly string folder = Directory.CreateTempSubdirectory("vouchsafe-witness-").FullName;
    private readonly FakeTimeProvider time = new();
    private readonly Ed25519SigningKey key = new(RandomNumberGenerator.GetBytes(32));

    [Fact]
    public void It_cosigns_what_continues_and_says_when()
    {
        var tree = Leaves(12);
        var witness = Open();
        foreach (var (from, to) in new[] { (0, 3), (3, 3), (3, 8), (8, 12) })
        {
            var note = Signed(tree, to);
            var answer = witness.Add(Request(from, Consistency(tree, from, to), note));
            Assert.True(answer.Status == 200, answer.Body);
            var cosigned = note.With(SignedNote.ParseSignatures(answer.Body));
            Assert.True(cosigned.IsSignedBy(witness.Verifier));
            Assert.True(witness.Verifier.Verify(note.Text, SignedNote.ParseSignatures(answer.Body)[0], out var when));
            Assert.Equal(time.GetUtcNow().ToUnixTimeSeconds(), when!.Value.ToUnixTimeSeconds());
        }
    }

    [Fact]
    public void A_witness_that_was_restarted_remembers()
    {
        var tree = Leaves(9);
        Assert.Equal(200, Open().Add(Request(0, [], Signed(tree, 6))).Status);
        var again = Open().Add(Request(0, [], Signed(tree, 9)));
        Assert.Equal((409, "6\n", WitnessAnswer.SizeType), (again.Status, again.Body, again.ContentType));
        Assert.Equal(200, Open().Add(Request(6, Consistency(tree, 6, 9), Signed(tree, 9))).Status);
    }

    [Fact]
    public void It_refuses_what_is_no_step_forward_and_keeps_nothing_of_it()
    {
        var (tree, other) = (Leaves(12), Leaves(12, start: 100));
        var witness = Open();
        Assert.Equal(200, witness.Add(Request(0, [], Signed(tree, 5))).Status);
        // An older state of the same log.
        Assert.Equal((409, "5\n"), Short(witness.Add(Request(3, Consistency(tree, 3, 4), Signed(tree, 4)))));
        Assert.Equal(400, witness.Add(Request(5, [], Signed(tree, 4))).Status);
        // Another history, of the same size and of a larger one.
        Assert.Equal(422, witness.Add(Request(5, [], Signed(other, 5))).Status);
        Assert.Equal(422, witness.Add(Request(5, Consistency(other, 5, 9), Signed(other, 9))).Status);
        // The right log with a proof that isn't one.
        Assert.Equal(422, witness.Add(Request(5, [], Signed(tree, 9))).Status);
        Assert.Equal(422, witness.Add(Request(5, [.. Consistency(tree, 5, 9), default], Signed(tree, 9))).Status);
        // A log it doesn't know, and one that isn't signed by its key.
        Assert.Equal(404, witness.Add(Request(0, [], Signed(tree, 5, Signer("other.example/roll-up")))).Status);
        Assert.Equal(403, witness.Add(Request(5, Consistency(tree, 5, 9), Signed(tree, 9, Signer(Log.Verifier.Name)))).Status);
        // After all of that it stands where it stood.
        Assert.Equal(200, witness.Add(Request(5, Consistency(tree, 5, 12), Signed(tree, 12))).Status);
    }

    /// <summary>C2SP tlog-witness, as of 2026: a root that differs, and that of an empty tree, are inconsistencies like any other.</summary>
    [Fact]
    public void An_empty_tree_has_one_root()
    {
        var empty = new Checkpoint(Log.Verifier.Name, TreeHead.Empty).Sign(Log);
        Assert.Equal(200, Open().Add(Request(0, [], empty)).Status);
        var text = $"{Log.Verifier.Name}\n0\n{Convert.ToBase64String(new byte[32])}\n";
        Assert.Equal(422, Open().Add(Request(0, [], SignedNote.Sign(text, Log))).Status);
    }

    [Fact]
    public void It_shows_monitors_what_it_cosigned_last()
    {
        var tree = Leaves(8);
        var witness = Open();
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Log.Verifier.Name)));
        Assert.Null(witness.Latest(hash));
        witness.Add(Request(0, [], Signed(tree, 3).With(Signer("stranger.example").Sign("x\n"))));
        witness.Add(Request(3, Consistency(tree, 3, 8), Signed(tree, 8)));
        var shown = Open().Latest(hash)!;
        Assert.Equal(8, Checkpoint.Open(shown, Log.Verifier).Head.Size);
        Assert.True(shown.IsSignedBy(witness.Verifier));
        Assert.Equal(2, shown.Signatures.Count);
        foreach (var none in new[] { "", "..", new string('0', 64), hash.ToUpperInvariant(), hash + "0" }) Assert.Null(witness.Latest(none));
    }

    /// <summary>While a log hands its key over, its witness trusts both; signatures of strangers count for nothing.</summary>
    [Fact]
    public void A_log_may_have_two_keys_and_one_that_is_trusted_is_enough()
    {
        var (tree, next) = (Leaves(9), Signer(Log.Verifier.Name));
        var witness = new Witness([Log.Verifier, next.Verifier], new WitnessFolder(folder), NoteSigner.Witness("witness.example", key, time));
        Assert.Equal(200, witness.Add(Request(0, [], Signed(tree, 3))).Status);
        Assert.Equal(200, witness.Add(Request(3, Consistency(tree, 3, 5), Signed(tree, 5).With(next.Sign(Signed(tree, 5).Text)))).Status);
        Assert.Equal(200, witness.Add(Request(5, Consistency(tree, 5, 7), Signed(tree, 7, next))).Status);
        Assert.Equal(403, witness.Add(Request(7, Consistency(tree, 7, 9), Signed(tree, 9, Signer(Log.Verifier.Name)))).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Killed_before_or_after_it_stored_what_it_cosigns_it_never_cosigns_two_histories(bool stored)
    {
        var (tree, other) = (Leaves(9), Leaves(9, start: 100));
        var dying = new Witness([Log.Verifier], new Dying(new WitnessFolder(folder), stored), NoteSigner.Witness("witness.example", key, time));
        Assert.Throws<IOException>(() => dying.Add(Request(0, [], Signed(tree, 6))));
        // Nothing left it. What comes next is held to what is stored.
        var second = Open().Add(Request(0, [], Signed(other, 6)));
        Assert.Equal(stored ? 409 : 200, second.Status);
        var first = Open().Add(Request(stored ? 6 : 0, [], Signed(tree, 6)));
        Assert.Equal(stored ? 200 : 409, first.Status);
        Assert.Empty(Directory.GetFiles(folder, "*.new"));
    }

    [Fact]
    public void A_proof_from_nothing_must_be_empty() =>
        Assert.Equal(422, Open().Add(Request(0, [default], Signed(Leaves(3), 3))).Status);

    [Fact]
    public void A_damaged_memory_stops_it()
    {
        var witness = Open();
        Assert.Equal(200, witness.Add(Request(0, [], Signed(Leaves(3), 3))).Status);
        File.WriteAllText(Assert.Single(Directory.GetFiles(folder)), "3");
        Assert.Throws<InvalidDataException>(() => witness.Add(Request(3, [], Signed(Leaves(3), 3))));
    }

    [Fact]
    public void Any_bytes_get_an_answer_and_none_a_signature() =>
        Prop.ForAll<byte[]>(bytes => Open().Add(bytes).Status == 400).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Damaged_in_any_byte_a_request_gets_no_signature_over_something_else()
    {
        var tree = Leaves(7);
        var request = Request(0, [], Signed(tree, 7));
        Prop.ForAll(Gen.Choose(0, request.Length - 1).ToArbitrary(), Gen.Choose(0, 255).ToArbitrary(), (at, value) =>
        {
            byte[] damaged = [.. request[..at], (byte)value, .. request[(at + 1)..]];
            var answer = new Witness([Log.Verifier], new Forgetful(), NoteSigner.Witness("witness.example", key, time)).Add(damaged);
            return answer.Status is 400 or 403 or 404 or 409 or 422
                || (answer.Status == 200 && SignedNote.Parse(AddCheckpoint.Parse(damaged).Note.ToString()).Text == Signed(tree, 7).Text);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
    }

    [Theory]
    [InlineData("old 1")]
    [InlineData("old 01\n\n")]
    [InlineData("old -1\n\n")]
    [InlineData("old 99999999999999999999\n\n")]
    [InlineData("new 1\n\n")]
    [InlineData("old 1\nnot base64\n\n")]
    [InlineData("old 1\nAAAA\n\n")]
    public void A_malformed_request_is_refused_in_words(string start)
    {
        var answer = Open().Add(Encoding.UTF8.GetBytes(start + Signed(Leaves(2), 2)));
        Assert.Equal(400, answer.Status);
        Assert.NotEmpty(answer.Body.Trim());
    }

    [Fact]
    public void A_request_beyond_the_bounds_is_refused()
    {
        Assert.Equal(400, Open().Add(new byte[AddCheckpoint.LongestBody + 1]).Status);
        Assert.Equal(400, Open().Add(Request(1, [.. Enumerable.Repeat(default(Digest), 64)], Signed(Leaves(2), 2))).Status);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Witness Open() => new([Log.Verifier], new WitnessFolder(folder), NoteSigner.Witness("witness.example", key, time));

    private static (int, string) Short(WitnessAnswer answer) => (answer.Status, answer.Body);

    private static byte[] Request(long old, IReadOnlyList<Digest> proof, SignedNote note) => Encoding.UTF8.GetBytes(new AddCheckpoint(old, proof, note).ToString());

    private static SignedNote Signed(Digest[] leaves, int size, NoteSigner? signer = null) =>
        new Checkpoint((signer ?? Log).Verifier.Name, new TreeHead(size, NaiveTree.Root(leaves.AsSpan(0, size)))).Sign(signer ?? Log);

    private static Digest[] Consistency(Digest[] leaves, int from, int to) => from == 0 ? [] : NaiveTree.Consistency(from, leaves.AsSpan(0, to));

    private static Digest[] Leaves(int count, int start = 0) => [.. Enumerable.Range(start, count).Select(number => TreeHash.Leaf(BitConverter.GetBytes(number)))];

    private static NoteSigner Signer(string name) => new(name, new Ed25519SigningKey(RandomNumberGenerator.GetBytes(32)));

    private sealed class Forgetful : IWitnessedHeads
    {
        public SignedNote? Find(string origin) => null;

        public SignedNote? FindByHash(string originHash) => null;

        public void Keep(string origin, SignedNote cosigned)
        {
        }
    }

    /// <summary>Dies where it is told to: before the head is on the disk, or after.</summary>
    private sealed class Dying(IWitnessedHeads heads, bool stored) : IWitnessedHeads
    {
        public SignedNote? Find(string origin) => heads.Find(origin);

        public SignedNote? FindByHash(string originHash) => heads.FindByHash(originHash);

        public void Keep(string origin, SignedNote cosigned)
        {
            if (stored) heads.Keep(origin, cosigned);
            throw new IOException("killed");
        }
    }
}
