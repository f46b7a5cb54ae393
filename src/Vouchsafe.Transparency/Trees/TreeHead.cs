using Vouchsafe.Cryptography.Hashing;

namespace Vouchsafe.Transparency.Trees;

/// <summary>How many leaves a tree has, and its root.</summary>
public readonly record struct TreeHead(long Size, Digest Root)
{
    public static TreeHead Empty { get; } = new(0, TreeHash.Empty);
}
