namespace Vouchsafe.Cryptography.Keys;

/// <summary>How a <see cref="KeyRing"/> caches.</summary>
public sealed record KeyRingOptions
{
    /// <summary>How many unwrapped tenant and subject keys stay in memory.</summary>
    public int CacheEntries { get; init; } = 8192;

    /// <summary>How long an unwrapped key serves without a look at the store: the longest time for which a node may go on
    /// using a key that another node destroyed.</summary>
    public TimeSpan CacheFor { get; init; } = TimeSpan.FromMinutes(1);
}
