using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Identity.Tokens;

/// <summary>How long tokens live and how they are validated: the posture's controls <c>sessions.jwt-lifetime</c> and <c>sessions.jwt-validation</c>.</summary>
internal sealed class TokenOptions
{
    public const string LifetimeControl = "sessions.jwt-lifetime";
    public const string ValidationControl = "sessions.jwt-validation";

    /// <summary>exp minus iat.</summary>
    public required TimeSpan Lifetime { get; set; }

    /// <summary>By how much two clocks may differ.</summary>
    public required TimeSpan Skew { get; init; }

    /// <summary>How long a refresh token waits for its use.</summary>
    public required TimeSpan RefreshLifetime { get; init; }

    /// <summary>The origin that clients see.</summary>
    public required string Issuer { get; init; }

    public string Audience => Issuer + "/api";

    public static TokenOptions From(Posture posture, string issuer) => new()
    {
        Lifetime = posture.Figures(LifetimeControl).Duration("lifetime"),
        RefreshLifetime = posture.Figures(LifetimeControl).Duration("refresh-lifetime"),
        Skew = posture.Figures(ValidationControl).Duration("clock-skew"),
        Issuer = issuer,
    };
}
