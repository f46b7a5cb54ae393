using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.Logs;

/// <summary>A log as the database holds it: how many entries it has, and the root over them.</summary>
/// <param name="PrunedTo">Entries before this index were pruned; a multiple of 256.</param>
internal sealed record LogHead(Guid Tenant, Guid LogId, long Size, Digest Root, DateTimeOffset MovedAt, long PrunedTo)
{
    public TreeHead Tree => new(Size, Root);

    /// <summary>How messages name it.</summary>
    public string Name => $"log {LogId:N}";
}
