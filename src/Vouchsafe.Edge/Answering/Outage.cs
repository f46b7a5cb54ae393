using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Postgres.Errors;

namespace Vouchsafe.Edge.Answering;

/// <summary>Failures that are nobody's mistake and pass by themselves: something that every request needs is away.</summary>
internal static class Outage
{
    /// <summary>Seconds after which asking again is worth it.</summary>
    public const string RetryAfter = "2";

    /// <returns>The problem to answer with, a 503; null where the failure is a mistake of ours.</returns>
    public static ProblemKind? ProblemOf(Exception failure) => failure switch
    {
        _ when DatabaseOutage.IsCauseOf(failure) => EdgeProblems.Unavailable,
        KeyStoreException { InnerException: IOException or UnauthorizedAccessException } => EdgeProblems.KeysUnavailable,
        // Not the client's doing, or it would have been told apart before: a time limit of ours, or the shutdown.
        OperationCanceledException => EdgeProblems.Interrupted,
        _ => null,
    };
}
