using System.Globalization;
using Vouchsafe.Cryptography.Keys;

namespace Vouchsafe.Postgres.Sealing;

/// <summary>Context keys derived from the cell's root key, for the purpose <c>tenant-context/&lt;id&gt;</c>.</summary>
public sealed class KeyRingContextKeys(KeyRing ring) : IContextKeys
{
    public byte[] Derive(short id) => ring.Derive("tenant-context/" + id.ToString(CultureInfo.InvariantCulture)).Bytes.ToArray();
}
