using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Vouchsafe.Hosting.Requests;

/// <summary>How long somebody has to wait, in the address of the page that tells them.</summary>
public static class PageWait
{
    private const int LongestMinutes = 24 * 60;

    /// <summary><c>?error=wait&amp;minutes=6</c>, rounded up.</summary>
    public static QueryString InAddress(TimeSpan wait) => QueryString.Create("error", "wait")
        .Add("minutes", Math.Clamp((int)Math.Ceiling(wait.TotalMinutes), 1, LongestMinutes).ToString(CultureInfo.InvariantCulture));

    /// <summary>The minutes that the page was told; null where it wasn't.</summary>
    public static int? Minutes(HttpRequest request) =>
        int.TryParse(request.Query["minutes"], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes is >= 1 and <= LongestMinutes
            ? minutes
            : null;
}
