using System.Globalization;
using Microsoft.AspNetCore.Http;
using Vouchsafe.Hosting.Problems;

namespace Vouchsafe.Identity.Attempts;

/// <summary>Refusals of passwords, the same whatever they are of.</summary>
internal static class AttemptProblems
{
    public static readonly ProblemKind WrongPassword = new("wrong-password", StatusCodes.Status403Forbidden, "Incorrect password.");
    private static readonly ProblemKind TooManyAttempts = new("too-many-attempts", StatusCodes.Status429TooManyRequests,
        "Too many attempts. Try again after the time in Retry-After, or reset the password by e-mail.");

    /// <summary>429 with Retry-After in seconds (RFC 9110, section 10.2.3).</summary>
    public static IResult TooMany(HttpContext context, TimeSpan wait)
    {
        context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Problem.Of(TooManyAttempts);
    }
}
