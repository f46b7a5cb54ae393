using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Tenants.SigningUp;

/// <summary>How long a trial is and what a cancellation starts, from the posture's controls <c>subscription.trial</c> and <c>offboarding.deletion</c>.</summary>
internal sealed class TrialOptions
{
    public const string Control = "subscription.trial";

    public required TimeSpan Length { get; set; }

    /// <summary>The first moment at which a tenant that began then can no longer write.</summary>
    public DateTimeOffset EndOf(DateTimeOffset startedAt) => startedAt + Length;

    /// <summary>How long after the cancellation the data can be taken away; then it is deleted.</summary>
    public required TimeSpan ExportFor { get; init; }

    /// <summary>How long after the deletion the last backup that held the data is gone.</summary>
    public required TimeSpan BackupsWithin { get; init; }

    public static TrialOptions From(Posture posture)
    {
        var deletion = posture.Figures("offboarding.deletion");
        return new TrialOptions
        {
            Length = posture.Figures(Control).Duration("length"),
            ExportFor = deletion.Duration("export-for"),
            BackupsWithin = deletion.Duration("backups-within"),
        };
    }
}
