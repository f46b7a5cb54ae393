using Vouchsafe.Claims.Checks;

namespace Vouchsafe.Cli.Verifying;

/// <summary>What <c>vouchsafe verify</c> was asked.</summary>
/// <param name="Target">The running instance; null: a file is judged alone.</param>
/// <param name="Posture">A name or file; null: the one that the instance names, from those at hand.</param>
/// <param name="Claims">The claims asked for; none: all in force.</param>
/// <param name="Key">The key that must have signed the instance's statement, base64; null: the one that it carries.</param>
internal sealed record VerifyOptions(CheckTarget? Target, string? Posture, IReadOnlyList<string> Claims, string? Key, bool Json)
{
    /// <summary>A statement that was downloaded from <c>/trust.json</c>.</summary>
    public string? File { get; init; }

    /// <summary>Whether a claim of which parts are planned is good where the rest of it is.</summary>
    public bool AllowPlanned { get; init; }

    /// <summary>Which witnesses must have cosigned; null: none is asked for.</summary>
    public WitnessDemand? Witnesses { get; init; }

    /// <summary>The longest that an instance may take to state itself.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The time to judge by; null: now.</summary>
    public DateTimeOffset? At { get; init; }
}
