namespace Vouchsafe.Transparency.Exports.Reading;

/// <summary>Reads <c>2026-11-20T22:20:41.123456Z</c>, which an export repeats from the leaf for its readers.</summary>
internal static class EntryTime
{
    private const int Size = 27;

    /// <summary>Microseconds since 1970, or −1 where the text is not such a time.</summary>
    public static long Parse(ReadOnlySpan<byte> text)
    {
        if (text.Length != Size || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != '.' || text[26] != 'Z')
            return -1;
        var (year, month, day) = (Digits(text[..4]), Digits(text.Slice(5, 2)), Digits(text.Slice(8, 2)));
        var (hour, minute, second) = (Digits(text.Slice(11, 2)), Digits(text.Slice(14, 2)), Digits(text.Slice(17, 2)));
        var micro = Digits(text.Slice(20, 6));
        if (year is < 1970 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59 || micro < 0)
            return -1;
        var days = (new DateOnly(year, month, day).DayNumber - new DateOnly(1970, 1, 1).DayNumber) * 86_400L;
        return ((days + (hour * 3600) + (minute * 60) + second) * 1_000_000) + micro;
    }

    private static int Digits(ReadOnlySpan<byte> text)
    {
        var value = 0;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return -1;
            value = (value * 10) + (digit - '0');
        }
        return value;
    }
}
