using System.Globalization;
using Vouchsafe.Claims.Controls;
using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Cli.Postures;

/// <summary>What a posture that can be read still must not say today, or can't be run with: what the reader, which knows no clock and no host, doesn't ask.</summary>
internal static class PostureReview
{
    /// <summary>A day ahead of UTC at most: somewhere it is tomorrow already.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromHours(14);

    public static IEnumerable<string> Faults(Posture posture, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime((now + Ahead).UtcDateTime);
        if (posture.Claims.All(claim => claim.Withdrawn is not null)) yield return "Every claim of it is withdrawn: it promises nothing.";
        foreach (var claim in posture.Claims)
        {
            if (claim.Since > today)
                yield return $"The claim {claim.Id} is promised since {Day(claim.Since.Value)}, which is yet to come.";
            if (claim.Withdrawn?.Date > today)
                yield return $"The claim {claim.Id} is withdrawn on {Day(claim.Withdrawn.Date)}, which is yet to come; until then it is in force.";
        }
        foreach (var control in ControlCatalogue.All.Where(control => control.Stage == Stage.Built && control.Figures.Count > 0))
            if (!IsComplete(posture, control))
                yield return $"It gives no figures for {control.Id}, without which no application starts. Add \"extends: baseline\", or give them under settings.";
    }

    private static bool IsComplete(Posture posture, ControlDefinition control)
    {
        try
        {
            var figures = posture.Figures(control.Id);
            return control.Figures.All(figure => figures.Has(figure.Name));
        }
        catch (KeyNotFoundException)
        {
            return false;
        }
    }

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
