using Vouchsafe.Audit.Sequencing;
using Vouchsafe.Transparency.Trees;
using Xunit;

namespace Vouchsafe.Audit.Tests.Logs;

public sealed class RightEdgeTests
{
    private static readonly byte[][] Leaves = [.. Enumerable.Range(0, 70_000).Select(NaiveTree.Leaf)];

    public static TheoryData<int> Sizes => [1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 513, 1000, 4096, 65_535, 65_536, 65_537, 66_000];

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Roots_and_proofs_from_tiles_are_those_of_the_standard(int size)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var tiles = new MemoryTiles();
        // In rounds of every width: which round an entry came in must not matter.
        for (int done = 0, round = 1; done < size; round++)
        {
            var count = Math.Min(size - done, 1 + 211 * round % 700);
            tiles.Append(done, count);
            done += count;
            if (round % 4 == 0)
                tiles.Restart();
        }

        var leaves = Leaves.AsMemory(0, size);
        Assert.Equal(NaiveTree.Root(leaves.Span), tiles.Edge.Root().ToArray());
        var tree = new ProofBuilder(tiles, size);
        Assert.Equal(NaiveTree.Root(leaves.Span), (await tree.RootAsync(cancellation)).ToArray());
        foreach (var index in new[] { 0, size / 3, size / 2, size - 1 }.Distinct())
            Assert.Equal(NaiveTree.Path(index, leaves.Span), (await tree.InclusionAsync(index, cancellation)).Select(hash => hash.ToArray()));
        foreach (var from in new[] { 1, size / 3 + 1, size / 2 + 1, size }.Distinct())
            Assert.Equal(NaiveTree.Consistency(from, leaves.Span), (await tree.ConsistencyAsync(from, cancellation)).Select(hash => hash.ToArray()));
    }

    [Fact]
    public async Task A_tree_of_an_earlier_size_is_read_from_later_tiles()
    {
        var tiles = new MemoryTiles();
        tiles.Append(0, 66_000);
        foreach (var size in new[] { 1, 100, 256, 300, 65_536, 65_700 })
            Assert.Equal(NaiveTree.Root(Leaves.AsSpan(0, size)), (await new ProofBuilder(tiles, size).RootAsync(TestContext.Current.CancellationToken)).ToArray());
    }

    [Fact]
    public void An_edge_with_a_missing_part_is_refused()
    {
        var full = new Dictionary<int, byte[]> { [0] = new byte[32 * 3], [1] = new byte[32] };
        Assert.Equal(259, RightEdge.Restore(259, full, new byte[48]).Size);
        Assert.Throws<DamagedLogException>(() => RightEdge.Restore(259, full, new byte[32]));
        Assert.Throws<DamagedLogException>(() => RightEdge.Restore(260, full, new byte[64]));
        Assert.Throws<DamagedLogException>(() => RightEdge.Restore(259, new Dictionary<int, byte[]> { [0] = full[0] }, new byte[48]));
    }
}
