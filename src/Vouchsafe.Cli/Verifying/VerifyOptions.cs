using Vouchsafe.Claims.Checks;

namespace Vouchsafe.Cli.Verifying;

/// <summary>What <c>vouchsafe verify</c> was asked.</summary>
/// <param name="Posture">A name or file; null: the one that the instance names, from those at hand.</param>
/// <param name="Claims">The claims asked for; none: all in force.</param>
/// <param name="Key">The key that must have signed the instance's statement, base64; null: the one that it carries.</param>
internal sealed record VerifyOptions(CheckTarget Target, string? Posture, IReadOnlyList<string> Claims, string? Key, bool Json);
