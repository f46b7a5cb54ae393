using Vouchsafe.Audit.Trail;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.Receipts;

/// <summary>An append that the database confirmed to this node as committed, until this node saw it in its log.</summary>
/// <param name="Count">How many entries it has.</param>
/// <param name="Hashes">SHA-256 over the hashes of its leaves: what this node recorded, whatever the tables say later.</param>
/// <param name="At">When it was confirmed.</param>
internal readonly record struct Receipt(Guid Tenant, Guid Append, int Count, Digest Hashes, DateTimeOffset At)
{
    /// <param name="append">The statement that appends: tenant, append id, leaves.</param>
    public static Receipt Of(Statement append)
    {
        var leaves = (byte[][])append.Args[2]!;
        var hashes = new byte[leaves.Length * Digest.Size];
        for (var n = 0; n < leaves.Length; n++)
            TreeHash.Leaf(leaves[n]).Bytes.CopyTo(hashes.AsSpan(n * Digest.Size));
        return new Receipt((Guid)append.Args[0]!, (Guid)append.Args[1]!, leaves.Length, Sha256.Hash(hashes), default);
    }

    /// <summary>The id of its last entry: where that stands, all of it does.</summary>
    public Guid LastEntry => new AppendId(Append).Entry(Count - 1);
}
