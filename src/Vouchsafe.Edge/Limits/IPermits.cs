namespace Vouchsafe.Edge.Limits;

/// <summary>Where permits are counted for all nodes.</summary>
internal interface IPermits
{
    /// <summary>Takes up to <paramref name="most"/> permits, after giving back what is left of the lease before.</summary>
    Task<Taken> TakeAsync(ClientLimit limit, ClientKey key, Guid grant, int most, Lease? before, CancellationToken cancellationToken);

    /// <summary>Gives back what leases have left.</summary>
    Task GiveBackAsync(IReadOnlyList<Lease> leases, CancellationToken cancellationToken);

    /// <summary>Asks the other nodes to give back what they hold for a client.</summary>
    Task RecallAsync(ClientKey key, CancellationToken cancellationToken);

    /// <summary>Tells whoever recalled that it was given back.</summary>
    Task AnswerRecallAsync(Lease? lease, ClientKey key, CancellationToken cancellationToken);
}

/// <param name="Granted">0 where the limit is used up.</param>
/// <param name="Wait">Until the first permit is free again.</param>
/// <param name="Others">How many leases of other nodes may hold unused permits.</param>
/// <param name="OthersFor">For how long the last of those may.</param>
internal readonly record struct Taken(int Granted, TimeSpan Wait, int Others, TimeSpan OthersFor);

/// <summary>A lease that is over for its node.</summary>
/// <param name="Used">How many of its permits were used.</param>
/// <param name="Age">How long ago the last one was.</param>
internal sealed record Lease(ClientLimit Limit, ClientKey Key, Guid Grant, int Used, TimeSpan Age);
