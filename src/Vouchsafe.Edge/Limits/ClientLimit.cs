using System.Collections.Immutable;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Hosting.Limits;

namespace Vouchsafe.Edge.Limits;

/// <summary>How often one client may ask: the figures of one <c>limits.*</c> control.</summary>
/// <param name="Name">The control.</param>
/// <param name="Permits">How many requests in any window.</param>
/// <param name="Ipv6Prefix">How many leading bits of an IPv6 address make one client: a subscriber is given a whole network.</param>
internal sealed record ClientLimit(string Name, int Permits, TimeSpan Window, int Ipv6Prefix)
{
    internal const string SignInControl = "limits.sign-in";
    internal const string ApiControl = "limits.api";
    internal const string SetupControl = "limits.setup";
    internal const string TilesControl = LimitExtensions.Tiles;

    /// <summary>Up to here each request is counted in the database on its own: leases would be larger than what they save.</summary>
    private const int CountedSingly = 16;

    private static readonly TimeSpan ShortestLease = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestLease = TimeSpan.FromSeconds(2);

    /// <summary>The most permits that one node takes at a time.</summary>
    public int Batch => Permits <= CountedSingly ? 1 : Math.Max(1, Permits / 8);

    /// <summary>For how long a node may use them.</summary>
    public TimeSpan Lease => TimeSpan.FromTicks(Math.Clamp(Window.Ticks / 30, ShortestLease.Ticks, LongestLease.Ticks));
}

/// <summary>The limits of a posture: every one that an endpoint can name.</summary>
internal sealed record LimitSet(ImmutableArray<ClientLimit> All)
{
    /// <summary>
    /// What counts against which figure. A limit that isn't listed here can't be named by an endpoint, and one that is gets tried by
    /// <see cref="LimitGroupProbe"/>.
    /// </summary>
    private static readonly (string Control, string Permits)[] Known =
    [
        (ClientLimit.ApiControl, "requests"), (ClientLimit.SignInControl, "attempts"),
        (ClientLimit.SetupControl, "calls"), (ClientLimit.TilesControl, "requests"),
    ];

    public static LimitSet From(Posture posture) => new([.. Known.Select(limit => Read(posture.Figures(limit.Control), limit.Permits))]);

    /// <param name="control">Null: no limit.</param>
    /// <exception cref="InvalidOperationException">No such limit exists.</exception>
    public ClientLimit? Of(string? control)
    {
        if (control is null) return null;
        foreach (var limit in All)
            if (limit.Name == control)
                return limit;
        throw new InvalidOperationException($"An endpoint names the limit {control}, which no posture has.");
    }

    /// <summary>The same limits with another in the place of the one of its name.</summary>
    internal LimitSet With(ClientLimit limit) => new([.. All.Select(each => each.Name == limit.Name ? limit : each)]);

    internal static ClientLimit Read(Figures figures, string permits) =>
        new(figures.Control.Id, checked((int)figures.Integer(permits)), figures.Duration("window"), checked((int)figures.Integer("ipv6-prefix")));
}
