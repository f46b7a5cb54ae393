using Vouchsafe.Hosting.Access;

namespace Vouchsafe.Tenants.Subscription;

/// <summary>How a tenant's subscription stands.</summary>
/// <param name="ReturnUntil">Until then the data can be exported, then it is deleted; null while not cancelled.</param>
/// <param name="GoneBy">By then no backup holds the data any more; null while not cancelled.</param>
public sealed record SubscriptionState(
    Standing Standing, DateTimeOffset TrialEndsAt, DateTimeOffset? SubscribedAt, DateTimeOffset? CancelledAt, DateTimeOffset? ReturnUntil, DateTimeOffset? GoneBy);
