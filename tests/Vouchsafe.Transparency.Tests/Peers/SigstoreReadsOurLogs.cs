using System.Security.Cryptography;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Testing.Peers;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Tests.Trees;
using Vouchsafe.Transparency.Trees;
using Xunit;

namespace Vouchsafe.Transparency.Tests.Peers;

/// <summary>A verifier that nobody here wrote (npm's @sigstore/verify) accepts our checkpoints and proofs, and none that was altered.</summary>
public sealed class SigstoreReadsOurLogs
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private readonly NoteSigner log = new("log.example/peers", new Ed25519SigningKey(RandomNumberGenerator.GetBytes(32)));

    [Fact]
    public async Task Every_entry_of_every_small_tree_is_found_in_it()
    {
        var claims = new List<string>();
        for (var size = 1; size <= 40; size++)
            for (var index = 0; index < size; index++)
                claims.Add(await ClaimAsync(size, index));
        Assert.Equal(Enumerable.Repeat(Sigstore.Yes, claims.Count), await Sigstore.VerifyAsync(claims, Stop));
    }

    [Fact]
    public async Task Across_tiles_too()
    {
        var claims = new List<string>();
        foreach (var (size, index) in new[] { (256, 255), (257, 0), (257, 256), (700, 511), (700, 699), (65_537, 65_536), (65_537, 70) })
            claims.Add(await ClaimAsync(size, index));
        Assert.Equal(Enumerable.Repeat(Sigstore.Yes, claims.Count), await Sigstore.VerifyAsync(claims, Stop));
    }

    /// <summary>While a key is handed over, both sign. This reader wants to know every key that signed, and each signature to be right.</summary>
    [Fact]
    public async Task It_reads_checkpoints_that_two_keys_signed()
    {
        var next = new NoteSigner(log.Verifier.Name, new Ed25519SigningKey(RandomNumberGenerator.GetBytes(32)));
        var answers = await Sigstore.VerifyAsync(
        [
            await ClaimAsync(21, 7, also: next, known: next.Verifier), await ClaimAsync(21, 7, signer: next, known: next.Verifier),
            await ClaimAsync(21, 7, also: next), await ClaimAsync(21, 7, also: new NoteSigner(next.Verifier.Name, new Ed25519SigningKey(new byte[32])), known: next.Verifier),
        ], Stop);
        Assert.Equal([Sigstore.Yes, Sigstore.Yes, "invalid checkpoint signature", "invalid checkpoint signature"], answers);
    }

    [Fact]
    public async Task It_refuses_what_was_altered()
    {
        var stranger = new NoteSigner(log.Verifier.Name, new Ed25519SigningKey(RandomNumberGenerator.GetBytes(32)));
        var answers = await Sigstore.VerifyAsync(
        [
            await ClaimAsync(21, 7),
            await ClaimAsync(21, 7, leaf: Leaf(8)),
            await ClaimAsync(21, 7, provedAs: 8),
            await ClaimAsync(21, 7, path: path => path[1..]),
            await ClaimAsync(21, 7, path: path => [path[1], path[0], .. path[2..]]),
            await ClaimAsync(21, 7, signer: stranger),
        ], Stop);
        Assert.Equal(Sigstore.Yes, answers[0]);
        Assert.Equal("invalid checkpoint signature", answers[5]);
        Assert.Equal(6, answers.Count);
        Assert.DoesNotContain(Sigstore.Yes, answers.Skip(1));
    }

    private async Task<string> ClaimAsync(int size, int index, byte[]? leaf = null, int? provedAs = null, Func<Digest[], Digest[]>? path = null, NoteSigner? signer = null,
        NoteSigner? also = null, NoteVerifier? known = null)
    {
        var (edge, tiles) = TreeEdge.Empty.Append(Enumerable.Range(0, size).Select(n => TreeHash.Leaf(Leaf(n))).ToArray());
        var tree = new NaiveTree();
        tree.Keep(tiles);
        var hashes = await new ProofBuilder(tree, size).InclusionAsync(index, Stop);
        var note = new Checkpoint(log.Verifier.Name, edge.Head).Sign(signer ?? log);
        if (also is not null) note = note.With(also.Sign(note.Text));
        return Sigstore.Claim(note, log.Verifier, leaf ?? Leaf(index), provedAs ?? index, path?.Invoke([.. hashes]) ?? hashes, known);
    }

    private static byte[] Leaf(int number) => BitConverter.GetBytes(number);
}
