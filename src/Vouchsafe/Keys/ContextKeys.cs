using System.Globalization;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Sealing;

namespace Vouchsafe.Keys;

/// <summary>The keys of tenant contexts, from the cell's key ring.</summary>
internal sealed class ContextKeys(KeyRing ring) : IContextKeys
{
    public byte[] Derive(short id) => ring.Derive("tenant-context/" + id.ToString(CultureInfo.InvariantCulture)).Bytes.ToArray();
}
