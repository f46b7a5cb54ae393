using System.Text;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Trees;
using Xunit;

namespace Vouchsafe.Transparency.Tests.Trees;

/// <summary>Proofs whose hashes fit and whose numbers don't: each would hold if one bound were left out.</summary>
public sealed class ProofBounds
{
    private static readonly Digest[] Leaves = [.. Enumerable.Range(0, 4).Select(n => TreeHash.Leaf(Encoding.ASCII.GetBytes($"{n}")))];

    private static Digest Left => TreeHash.Node(Leaves[0], Leaves[1]);

    private static TreeHead Four => new(4, TreeHash.Node(Left, TreeHash.Node(Leaves[2], Leaves[3])));

    [Fact]
    public void An_index_behind_the_end_is_in_no_tree() =>
        Assert.False(Proof.VerifyInclusion(1, Leaves[0], new TreeHead(1, Leaves[0]), []));

    [Fact]
    public void An_index_before_the_subtree_is_not_in_it()
    {
        Assert.True(Proof.VerifySubtreeInclusion(2, Leaves[2], 2, 3, Leaves[2], []));
        Assert.False(Proof.VerifySubtreeInclusion(1, Leaves[2], 2, 3, Leaves[2], []));
        Assert.False(Proof.VerifySubtreeInclusion(3, Leaves[2], 2, 3, Leaves[2], []));
    }

    [Fact]
    public void What_begins_elsewhere_is_no_subtree()
    {
        Assert.False(Proof.VerifySubtreeInclusion(1, Leaves[1], 1, 3, TreeHash.Node(Leaves[1], Leaves[2]), [Leaves[2]]));
        var root = TreeHash.Node(Left, Leaves[2]);
        Assert.False(Proof.VerifySubtreeConsistency(1, 3, root, Four, [Leaves[2], Leaves[3], Left]));
        Assert.True(Proof.VerifySubtreeConsistency(0, 3, root, Four, [Leaves[2], Leaves[3], Left]));
    }

    [Fact]
    public void A_proof_that_goes_on_above_the_root_proves_nothing()
    {
        var above = TreeHash.Node(Leaves[1], Leaves[0]);
        Assert.False(Proof.VerifyInclusion(0, Leaves[0], new TreeHead(1, above), [Leaves[1]]));
        Assert.False(Proof.VerifyInclusion(0, Leaves[0], new TreeHead(2, TreeHash.Node(Leaves[3], Left)), [Leaves[1], Leaves[3]]));
    }

    [Fact]
    public void A_larger_tree_is_the_beginning_of_no_smaller_one() =>
        Assert.False(Proof.VerifyConsistency(new TreeHead(2, Left), new TreeHead(1, Left), []));

    [Theory]
    [InlineData(65)]
    [InlineData(1000)]
    public void A_proof_longer_than_any_can_be_is_refused(int length)
    {
        var proof = Enumerable.Repeat(Leaves[0], length).ToArray();
        Assert.False(Proof.VerifyInclusion(0, Leaves[0], Four, proof));
        Assert.False(Proof.VerifyConsistency(new TreeHead(3, TreeHash.Node(Left, Leaves[2])), Four, proof));
    }
}
