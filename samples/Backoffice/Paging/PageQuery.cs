using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Backoffice.Paging;

/// <summary>How much of a list is asked for. Lists go on from where the last page ended, so that page 1,000 costs what page 1 does.</summary>
/// <param name="Limit">Rows at most, 1 to <see cref="Most"/>.</param>
/// <param name="After">The key of the last row of the page before; null for the first page.</param>
/// <param name="Search">Text that the rows contain; null for all.</param>
internal sealed record PageQuery(int Limit, string? After, string? Search)
{
    public const int Most = 200;
    public const int Usual = 50;
    public const int LongestSearch = 100;
    private const int LongestKey = 64;

    /// <returns>The query, or what is wrong with which parameter.</returns>
    public static (PageQuery? Query, Dictionary<string, string> Errors) Read(HttpRequest request)
    {
        var errors = new Dictionary<string, string>();
        var limit = Usual;
        if (One(request.Query["limit"]) is { } asked
            && (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > Most))
            errors["limit"] = $"A whole number from 1 to {Most}.";
        var after = One(request.Query["after"]);
        if (after?.Length > LongestKey || after?.Any(character => !char.IsAsciiLetterOrDigit(character) && character != '-') == true)
            errors["after"] = "The value of \"next\" of the page before.";
        var search = One(request.Query["q"])?.Trim();
        if (search?.Length > LongestSearch || search?.Any(char.IsControl) == true)
            errors["q"] = $"Up to {LongestSearch} characters.";
        foreach (var name in (string[])["limit", "after", "q"])
            if (request.Query[name].Count > 1) errors[name] = "Once at most.";
        return errors.Count == 0 ? (new PageQuery(limit, after, search is "" ? null : search), errors) : (null, errors);
    }

    /// <summary>The search as a pattern for LIKE; what the user typed stands for itself.</summary>
    public string? Pattern => Search is null ? null
        : "%" + Search.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal) + "%";

    private static string? One(StringValues values) => values.Count == 0 || string.IsNullOrEmpty(values[0]) ? null : values[0];
}

/// <param name="Items">At most as many as asked for.</param>
/// <param name="Next">The value of <c>after</c> for the next page; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next)
{
    /// <summary>From one row more than asked for, which tells whether there is a next page.</summary>
    internal static Page<T> Of(List<T> rows, int limit, Func<T, string> key) => rows.Count > limit
        ? new Page<T>(rows[..limit], key(rows[limit - 1]))
        : new Page<T>(rows, null);
}
