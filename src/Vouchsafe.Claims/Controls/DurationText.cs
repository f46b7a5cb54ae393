using System.Globalization;

namespace Vouchsafe.Claims.Controls;

/// <summary>Durations as postures write them: a whole number and one unit. <c>60s 15m 24h 14d 1y</c>; a year is 365 days.</summary>
public static class DurationText
{
    private const int LongestNumber = 9;

    private static readonly (char Unit, long Seconds)[] Units = [('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400), ('y', 31_536_000)];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Length is < 2 or > LongestNumber + 1) return false;
        var number = text.AsSpan(0, text.Length - 1);
        if (number.ContainsAnyExceptInRange('0', '9') || (number[0] == '0' && number.Length > 1)) return false;
        foreach (var (unit, seconds) in Units)
            if (text[^1] == unit)
            {
                var total = long.Parse(number, CultureInfo.InvariantCulture) * seconds;
                if (total > (long)TimeSpan.MaxValue.TotalSeconds) return false;
                duration = TimeSpan.FromSeconds(total);
                return true;
            }
        return false;
    }

    /// <summary>The shortest way to write it: <c>15m</c>, not <c>900s</c>. Reads back to the same duration.</summary>
    public static string Format(TimeSpan duration)
    {
        var total = (long)duration.TotalSeconds;
        var (unit, seconds) = total == 0 ? Units[0] : Units.Last(unit => total % unit.Seconds == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{total / seconds}{unit}");
    }
}
