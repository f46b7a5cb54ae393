using System.Globalization;
using Microsoft.AspNetCore.Http;
using Vouchsafe.Edge.Answering;
using Vouchsafe.Hosting.Problems;

namespace Vouchsafe.Edge.Limits;

/// <summary>Answers a request beyond its limit: 429 (RFC 6585, section 4) with Retry-After in whole seconds, rounded up.</summary>
internal class RefusalPolicy
{
    internal const string Control = "limits.answer";

    internal virtual ProblemKind Problem => EdgeProblems.TooManyRequests;

    internal Task WriteAsync(HttpContext context, TimeSpan retryAfter)
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(retryAfter.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Hosting.Problems.Problem.WriteAsync(context, Problem, $"Try again in {seconds.ToString(CultureInfo.InvariantCulture)} s.");
    }
}
