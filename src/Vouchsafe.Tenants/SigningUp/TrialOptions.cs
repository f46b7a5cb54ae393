using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Tenants.SigningUp;

/// <summary>How long a trial is and what a cancellation starts, from the posture's control <c>subscription.trial</c>.</summary>
internal sealed class TrialOptions
{
    public const string Control = "subscription.trial";

    public required TimeSpan Length { get; set; }

    /// <summary>How long after the cancellation the data can be taken away.</summary>
    public required TimeSpan ReturnWithin { get; init; }

    /// <summary>By when after the cancellation the data is deleted.</summary>
    public required TimeSpan DeleteWithin { get; init; }

    public static TrialOptions From(Posture posture)
    {
        var figures = posture.Figures(Control);
        return new TrialOptions { Length = figures.Duration("length"), ReturnWithin = figures.Duration("return-within"), DeleteWithin = figures.Duration("delete-within") };
    }
}
