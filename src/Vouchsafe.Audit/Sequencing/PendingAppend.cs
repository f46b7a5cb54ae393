using Vouchsafe.Audit.Trail;

namespace Vouchsafe.Audit.Sequencing;

/// <summary>A committed append whose entries have no index yet.</summary>
/// <param name="Append">The append's id.</param>
/// <param name="Hashes">The leaf hashes of its entries, 32 bytes each.</param>
internal sealed record PendingAppend(Guid Tenant, Guid Append, byte[] Hashes)
{
    public int Count => Hashes.Length / 32;

    /// <summary>False for a row that <c>audit.append</c> didn't write.</summary>
    public bool IsSound => AppendId.PositionOf(Append) == 0 && Hashes.Length % 32 == 0 && Count is > 0 and <= AppendId.MostEntries;
}
