using Microsoft.AspNetCore.Http;
using Vouchsafe.Hosting.Problems;

namespace Vouchsafe.Hosting.Access;

public static class StandingProblems
{
    public static readonly ProblemKind TrialEnded = new("trial-ended", StatusCodes.Status402PaymentRequired, "The trial has ended. Data can be read and exported, but not changed.");
    public static readonly ProblemKind Cancelled = new("subscription-cancelled", StatusCodes.Status403Forbidden, "The subscription is cancelled. Data can be read and exported, but not changed.");
}
