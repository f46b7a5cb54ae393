using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Exports.Verifying;

/// <summary>Heads that somebody saw earlier: each must be met on the way to the signed one.</summary>
internal sealed class PastHeads(IEnumerable<TreeHead> heads)
{
    private readonly TreeHead[] known = [.. heads.Where(head => head.Size > 0).OrderBy(head => head.Size)];
    private readonly Dictionary<TreeHead, bool> answers = [];

    /// <summary>A tree on the way.</summary>
    public void Reach(RootBuilder tree)
    {
        foreach (var past in known)
            if (past.Size == tree.Size)
                answers[past] = tree.Head() == past;
    }

    /// <summary>The trees on the way from one to the next tile.</summary>
    public void Reach(RootBuilder tree, ReadOnlySpan<Digest> leaves)
    {
        foreach (var past in known)
        {
            if (past.Size <= tree.Size || past.Size > tree.Size + leaves.Length)
                continue;
            var part = tree.Copy();
            foreach (ref readonly var leaf in leaves[..(int)(past.Size - tree.Size)])
                part.Append(0, leaf);
            answers[past] = part.Head() == past;
        }
    }

    /// <summary>What became of them.</summary>
    /// <param name="head">The signed head.</param>
    /// <param name="met">Whether the hashes on the way lead to it; if not, they say nothing.</param>
    /// <param name="proof">A proof that it continues an earlier head that lies among what was pruned.</param>
    /// <param name="differs">What to find where a head was not met.</param>
    public Continuity Settle(TreeHead head, bool met, ExportConsistency? proof, FindingKind differs, FindingList findings)
    {
        if (known.Length == 0)
            return Continuity.NotAsked;
        foreach (var past in known.Where(past => past.Size == proof?.Size && !answers.ContainsKey(past)))
        {
            // Nobody signed the proof: one that doesn't hold accuses whoever had the file in hand, not the log.
            if (Proof.VerifyConsistency(past, head, proof!.Proof.ToArray()))
                answers[past] = true;
            else
                findings.Add(FindingKind.HashesAltered, null, $"The proof that the log continues the checkpoint of {past.Size} entries does not hold.");
        }
        if (!met)
            answers.Clear();
        if (known[^1].Size > head.Size)
        {
            findings.Add(FindingKind.RolledBack, head.Size, $"The log had {known[^1].Size} entries and has {head.Size}: an older state was restored, or this export is older than the checkpoint.", known[^1].Size - 1);
        }
        var first = known.FirstOrDefault(past => answers.TryGetValue(past, out var fits) && !fits);
        if (first.Size > 0)
        {
            var from = known.Where(past => past.Size < first.Size && answers.GetValueOrDefault(past)).Select(past => past.Size).LastOrDefault();
            findings.Add(differs, from, from == first.Size - 1
                ? $"Entry {from} is not the one that the log showed before: its history was rewritten."
                : $"The first {first.Size} entries are not those that the log showed before: its history was rewritten among entries {from} to {first.Size - 1}.", first.Size - 1);
        }
        return first.Size > 0 ? Continuity.Differs
            : known[^1].Size > head.Size ? Continuity.RolledBack
            : known.All(past => answers.ContainsKey(past)) ? Continuity.Continues : Continuity.Unanswered;
    }
}
