using System.Globalization;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Hosting.AuditTrail;

/// <summary>Reads the path of a tile as C2SP tlog-tiles writes it: <c>x001/x234/067</c>, with <c>.p/17</c> for a partial one.</summary>
internal static class TilePath
{
    private const int MostParts = 8;

    public static TileAddress? Parse(int level, string path)
    {
        if (level is < 0 or >= TileAddress.Levels || path.Length > 64)
            return null;
        var parts = path.Split('/');
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

        // One address, one spelling: leading zeros in groups of their own are none of it.
        var address = new TileAddress(level, index, width);
        return address.ToString() == $"tile/{level}/{path}" ? address : null;
    }
}
