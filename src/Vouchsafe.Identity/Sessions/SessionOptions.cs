using Vouchsafe.Claims.Postures;
using Vouchsafe.Identity.Tokens;

namespace Vouchsafe.Identity.Sessions;

/// <summary>How long sessions last, from the posture's controls <c>sessions.idle</c> (pages) and <c>sessions.jwt-lifetime</c>.</summary>
internal sealed class SessionOptions
{
    public const string Control = "sessions.idle";

    /// <summary>After this long without a request the session is dead, on the server.</summary>
    public required TimeSpan Idle { get; set; }

    /// <summary>After this long it is dead however busy: as long as a refresh token may wait for its use.</summary>
    public required TimeSpan Longest { get; init; }

    /// <summary>Not a promise but a cost: for how long one node trusts what it read of a session.</summary>
    public TimeSpan TrustedFor { get; init; } = TimeSpan.FromSeconds(1);

    public static SessionOptions From(Posture posture) => new()
    {
        Idle = posture.Figures(Control).Duration("timeout"),
        Longest = posture.Figures(TokenOptions.LifetimeControl).Duration("refresh-lifetime"),
    };
}
