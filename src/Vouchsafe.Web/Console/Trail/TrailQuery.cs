using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Vouchsafe.Web.Console.Trail;

/// <summary>Which entries are asked for.</summary>
/// <param name="Event">The event's name, or its beginning; null for any.</param>
/// <param name="From">The first day, in UTC.</param>
/// <param name="To">The last day, in UTC, with all of it.</param>
/// <param name="Before">Only entries with a smaller index; null: from the newest.</param>
public sealed partial record TrailQuery(string? Event, DateOnly? From, DateOnly? To, long? Before)
{
    public bool Filters => Event is not null || From is not null || To is not null;

    public DateTimeOffset? Start => From is { } day ? new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null;

    /// <summary>The moment after the last day.</summary>
    public DateTimeOffset? End => To is { } day && day < DateOnly.MaxValue ? new DateTimeOffset(day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null;

    /// <returns>The query, and the fields that it couldn't read.</returns>
    internal static (TrailQuery Query, IReadOnlyList<string> Wrong) Read(IQueryCollection query)
    {
        var wrong = new List<string>();
        var name = One("event");
        if (name is not null && !EventName().IsMatch(name)) wrong.Add("event");
        DateOnly? Day(string field)
        {
            if (One(field) is not { } text) return null;
            if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
            wrong.Add(field);
            return null;
        }
        var (from, to) = (Day("from"), Day("to"));
        if (from > to) wrong.Add("to");
        long? before = null;
        if (One("before") is { } text && (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || (before = index) is null)) wrong.Add("before");
        return (wrong.Count == 0 ? new TrailQuery(name, from, to, before) : new TrailQuery(null, null, null, null), wrong);

        string? One(string field)
        {
            if (query[field] is not { Count: > 0 } values || values is [null or ""]) return null;
            return values is [{ } value] ? value.Trim() : "\0";
        }
    }

    /// <summary>The same filter from another place on.</summary>
    public string Link(long before)
    {
        var query = QueryString.Empty;
        if (Event is not null) query = query.Add("event", Event);
        if (From is { } from) query = query.Add("from", from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        if (To is { } to) query = query.Add("to", to.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        return "/audit" + query.Add("before", before.ToString(CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex EventName();
}
