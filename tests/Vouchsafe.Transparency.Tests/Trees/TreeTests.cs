using System.Security.Cryptography;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Trees;
using Xunit;

namespace Vouchsafe.Transparency.Tests.Trees;

public sealed class TreeTests
{
    [Fact]
    public void Any_split_into_batches_gives_the_naive_root_and_the_same_tiles()
    {
        var leaves = NaiveTree.Leaves(70_000);
        foreach (var batch in new[] { 1000, 4096, 70_000 })
        {
            var store = new NaiveTree();
            var edge = TreeEdge.Empty;
            for (var at = 0; at < leaves.Length; at += batch)
            {
                (edge, var changed) = edge.Append(leaves.AsSpan(at, Math.Min(batch, leaves.Length - at)));
                store.Keep(changed);
                // Each batch starts from what is stored, as after a crash.
                edge = TreeEdge.Open(edge.Head, TreeEdge.Addresses(edge.Head.Size).Select(address => store.Tiles[(address.Level, address.Index)]));
            }
            Assert.Equal(new TreeHead(leaves.Length, NaiveTree.Root(leaves)), edge.Head);
            Assert.Equal([274, 2, 1], store.Tiles.Values.GroupBy(tile => tile.Level).OrderBy(level => level.Key).Select(level => level.Count()));
            Assert.Equal(leaves, store.Tiles.Values.Where(tile => tile.Level == 0).OrderBy(tile => tile.Index).SelectMany(tile => tile.Hashes.ToArray()));
        }
    }

    [Fact]
    public void One_by_one_each_size_has_the_naive_root()
    {
        var leaves = NaiveTree.Leaves(600);
        var edge = TreeEdge.Empty;
        var builder = new RootBuilder();
        Assert.Equal(NaiveTree.Root([]), edge.Head.Root);
        for (var size = 1; size <= leaves.Length; size++)
        {
            edge = edge.Append(leaves.AsSpan(size - 1, 1)).Edge;
            builder.Append(0, leaves[size - 1]);
            var root = NaiveTree.Root(leaves.AsSpan(0, size));
            Assert.Equal(new TreeHead(size, root), edge.Head);
            Assert.Equal(new TreeHead(size, root), builder.Head());
        }
    }

    [Fact]
    public void Appending_nothing_changes_nothing()
    {
        var edge = TreeEdge.Empty.Append(NaiveTree.Leaves(300)).Edge;
        var (next, changed) = edge.Append([]);
        Assert.Equal(edge.Head, next.Head);
        Assert.Empty(changed);
    }

    [Fact]
    public async Task Every_inclusion_and_consistency_proof_verifies_and_fits_nothing_else()
    {
        const int most = 530;
        var leaves = NaiveTree.Leaves(most);
        var store = new NaiveTree();
        store.Keep(TreeEdge.Empty.Append(leaves).Changed);
        var cancel = TestContext.Current.CancellationToken;
        foreach (var size in Enumerable.Range(1, 20).Concat([255, 256, 257, 300, 511, 512, 513, most]))
        {
            var head = new TreeHead(size, NaiveTree.Root(leaves.AsSpan(0, size)));
            var proofs = new ProofBuilder(store, size);
            Assert.Equal(head.Root, await proofs.RootAsync(cancel));
            for (var index = 0; index < size; index += size > 100 ? 7 : 1)
            {
                var proof = await proofs.InclusionAsync(index, cancel);
                Assert.True(Proof.VerifyInclusion(index, leaves[index], head, proof));
                Assert.False(Proof.VerifyInclusion(index, leaves[(index + 1) % most], head, proof));
                Assert.False(Proof.VerifyInclusion((index + 1) % (size + 1), leaves[index], head, proof));
            }
            for (var first = 0; first <= size; first += size > 100 ? 5 : 1)
            {
                var smaller = new TreeHead(first, NaiveTree.Root(leaves.AsSpan(0, first)));
                var proof = await proofs.ConsistencyAsync(first, cancel);
                Assert.Equal(first > 0, Proof.VerifyConsistency(smaller, head, proof));
                Assert.False(Proof.VerifyConsistency(smaller with { Root = leaves[1] }, head, proof));
                Assert.False(Proof.VerifyConsistency(smaller, head with { Root = TreeHash.Empty }, proof));
            }
        }
    }

    [Fact]
    public async Task What_is_pruned_lives_on_in_its_frozen_roots()
    {
        var leaves = NaiveTree.Leaves(2000);
        var store = new NaiveTree();
        var edge = TreeEdge.Empty.Append(leaves);
        store.Keep(edge.Changed);
        var cancel = TestContext.Current.CancellationToken;
        var frozen = await new ProofBuilder(store, 2000).FrozenAsync(1792, cancel);
        Assert.Equal(3, frozen.Length);
        var builder = new RootBuilder();
        foreach (var (height, root) in RootBuilder.Heights(1792).Zip(frozen))
            builder.Append(height, root);
        foreach (var leaf in leaves.AsSpan(1792))
            builder.Append(0, leaf);
        Assert.Equal(edge.Edge.Head, builder.Head());
        // With the pruned leaf tiles gone, proofs of what is left still build from the higher tiles.
        for (var tile = 0; tile < 7; tile++)
            store.Tiles.Remove((0, tile));
        var proof = await new ProofBuilder(store, 2000).InclusionAsync(1800, cancel);
        Assert.True(Proof.VerifyInclusion(1800, leaves[1800], edge.Edge.Head, proof));
        await Assert.ThrowsAsync<TreeException>(async () => await new ProofBuilder(store, 2000).InclusionAsync(5, cancel));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await new ProofBuilder(store, 2000).FrozenAsync(100, cancel));
        Assert.Throws<ArgumentException>(() => builder.Append(8, leaves[0]));
    }

    [Fact]
    public void A_missing_short_or_altered_edge_is_refused()
    {
        var (edge, changed) = TreeEdge.Empty.Append(NaiveTree.Leaves(700));
        Assert.Equal(2, TreeEdge.Addresses(700).Count);
        Assert.Throws<TreeException>(() => TreeEdge.Open(edge.Head, []));
        Assert.Throws<TreeException>(() => TreeEdge.Open(edge.Head, changed.Where(tile => tile.Level == 0)));
        Assert.Throws<TreeException>(() => TreeEdge.Open(edge.Head with { Size = 701 }, changed));
        Assert.Throws<TreeException>(() => TreeEdge.Open(edge.Head with { Root = TreeHash.Empty }, changed));
        var altered = changed.Select(tile =>
        {
            var bytes = tile.Bytes.ToArray();
            bytes[^1] ^= (byte)(tile.Level == 0 && tile.Index == 2 ? 1 : 0);
            return new Tile(tile.Level, tile.Index, bytes);
        });
        Assert.Throws<TreeException>(() => TreeEdge.Open(edge.Head, altered));
    }

    [Fact]
    public void Tiles_are_named_as_C2SP_names_them()
    {
        Assert.Equal("tile/0/000", new TileAddress(0, 0, 256).ToString());
        Assert.Equal("tile/0/x001/x234/067", new TileAddress(0, 1_234_067, 256).ToString());
        Assert.Equal("tile/1/999.p/17", new TileAddress(1, 999, 17).ToString());
        Assert.Throws<ArgumentException>(() => new Tile(0, 0, new byte[33]));
        Assert.Throws<ArgumentException>(() => new Tile(0, 0, new byte[257 * 32]));
        Assert.Throws<ArgumentException>(() => new Tile(0, 0, Array.Empty<byte>()));
        Assert.Throws<ArgumentException>(() => new Tile(8, 0, new byte[32]));
    }

    [Fact]
    public void Random_proofs_never_verify_and_never_throw()
    {
        for (var round = 0; round < 2000; round++)
        {
            Digest Random() => Digest.From(RandomNumberGenerator.GetBytes(32));
            long Number() => RandomNumberGenerator.GetInt32(4) == 0 ? BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)) : RandomNumberGenerator.GetInt32(600);
            var proof = Enumerable.Range(0, RandomNumberGenerator.GetInt32(12)).Select(_ => Random()).ToArray();
            Assert.False(Proof.VerifyInclusion(Number(), Random(), new TreeHead(Number(), Random()), proof));
            Assert.False(Proof.VerifyConsistency(new TreeHead(Number(), Random()), new TreeHead(Number(), Random()), proof));
            Assert.False(Proof.VerifySubtreeConsistency(Number(), Number(), Random(), new TreeHead(Number(), Random()), proof));
        }
        Assert.False(Proof.VerifyInclusion(0, TreeHash.Empty, new TreeHead(long.MaxValue, TreeHash.Empty), new Digest[65]));
    }
}
