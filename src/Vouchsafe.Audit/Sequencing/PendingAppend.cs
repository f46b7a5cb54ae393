using Vouchsafe.Audit.Trail;

namespace Vouchsafe.Audit.Sequencing;

/// <param name="Append">The append's id.</param>
/// <param name="Hashes">The leaf hashes of its entries, 32 bytes each.</param>
internal sealed record PendingAppend(Guid Tenant, AppendId Append, byte[] Hashes)
{
    public int Count => Hashes.Length / 32;
}
