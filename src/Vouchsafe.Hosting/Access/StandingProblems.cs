using Microsoft.AspNetCore.Http;
using Vouchsafe.Hosting.Problems;

namespace Vouchsafe.Hosting.Access;

public static class StandingProblems
{
    public static readonly ProblemKind TrialEnded = new("trial-ended", StatusCodes.Status402PaymentRequired, "The trial has ended: everything can be read, nothing changed.");
    public static readonly ProblemKind Cancelled = new("subscription-cancelled", StatusCodes.Status403Forbidden, "The subscription is cancelled: everything can be read and taken away, nothing changed.");
}
