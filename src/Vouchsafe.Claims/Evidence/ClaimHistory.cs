namespace Vouchsafe.Claims.Evidence;

/// <summary>Claims that are no longer in force, as the operator's log records it.</summary>
/// <param name="Withdrawn">By claim, when its withdrawal was recorded; those that the posture withdraws and the log doesn't know are missing.</param>
/// <param name="Deleted">Claims that were taken out of the posture, newest first.</param>
public sealed record ClaimHistory(IReadOnlyDictionary<string, RecordedChange> Withdrawn, IReadOnlyList<DeletedClaim> Deleted)
{
    public static ClaimHistory Empty { get; } = new(new Dictionary<string, RecordedChange>(), []);
}

/// <param name="At">When the entry was recorded.</param>
/// <param name="Entry">Its id.</param>
public sealed record RecordedChange(DateTimeOffset At, Guid Entry);

/// <param name="Text">What it promised, in the first language of the posture that made it; empty where that is no longer known.</param>
public sealed record DeletedClaim(string Id, string Text, RecordedChange Recorded);
