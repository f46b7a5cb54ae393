using System.Globalization;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Hosting.AuditTrail;

/// <summary>Reads the path of a tile as C2SP tlog-tiles writes it: <c>0/x001/x234/067</c>, <c>entries/x001/067</c>, with <c>.p/17</c> for a partial one.</summary>
internal static class TilePath
{
    private const string Bundles = "entries";
    private const int Longest = 64;
    private const int MostParts = 8;

    /// <param name="path">Behind <c>tile/</c>, as it was sent.</param>
    /// <param name="entries">Whether entries are asked for, not hashes; their address is that of the hashes on level 0.</param>
    /// <returns>Null where it is not the one spelling of an address.</returns>
    public static TileAddress? Parse(string path, bool entries)
    {
        if (path.Length > Longest || path.Split('/') is not [var kind, .. var parts] || parts.Length == 0)
            return null;
        if (entries ? kind != Bundles : kind is not [>= '0' and < (char)('0' + TileAddress.Levels)])
            return null;
        var width = Tile.FullWidth;
        if (parts is [.. var whole, var last, var partial] && last.EndsWith(".p", StringComparison.Ordinal))
        {
            if (!int.TryParse(partial, NumberStyles.None, CultureInfo.InvariantCulture, out width) || width is < 1 or >= Tile.FullWidth)
                return null;
            parts = [.. whole, last[..^2]];
        }

        if (parts.Length > MostParts)
            return null;
        var index = 0L;
        for (var n = 0; n < parts.Length; n++)
        {
            var digits = n < parts.Length - 1 ? parts[n].StartsWith('x') ? parts[n][1..] : "" : parts[n];
            if (digits.Length != 3 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var part) || index > long.MaxValue / 1000 - 1)
                return null;
            index = index * 1000 + part;
        }

        // Leading zeros, in a group or as groups of their own, are another spelling.
        var address = new TileAddress(entries ? 0 : kind[0] - '0', index, width);
        var spelled = address.ToString();
        return (entries ? "tile/" + Bundles + spelled["tile/0".Length..] : spelled) == "tile/" + path ? address : null;
    }
}
