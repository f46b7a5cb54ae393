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

    /// <summary>Up to here each request is counted in the database on its own: leases would be larger than what they save.</summary>
    private const int CountedSingly = 16;

    private static readonly TimeSpan ShortestLease = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestLease = TimeSpan.FromSeconds(2);

    /// <summary>The most permits that one node takes at a time.</summary>
    public int Batch => Permits <= CountedSingly ? 1 : Math.Max(1, Permits / 8);

    /// <summary>For how long a node may use them.</summary>
    public TimeSpan Lease => TimeSpan.FromTicks(Math.Clamp(Window.Ticks / 30, ShortestLease.Ticks, LongestLease.Ticks));
}

/// <summary>The limits of a posture.</summary>
internal sealed record LimitSet(ClientLimit Api, ClientLimit SignIn, ClientLimit Setup)
{
    public static LimitSet From(Posture posture) => new(
        Read(posture.Figures(ClientLimit.ApiControl), "requests"),
        Read(posture.Figures(ClientLimit.SignInControl), "attempts"),
        Read(posture.Figures(ClientLimit.SetupControl), "calls"));

    /// <summary>Of tiles: a monitor that comes new to a log of ten million entries reads it within a quarter of an hour.</summary>
    public ClientLimit Tiles { get; } = Api with { Name = LimitExtensions.Tiles, Permits = 6000, Window = TimeSpan.FromMinutes(1) };

    /// <param name="control">Null: no limit.</param>
    /// <exception cref="InvalidOperationException">No such limit exists.</exception>
    public ClientLimit? Of(string? control) => control switch
    {
        null => null,
        ClientLimit.ApiControl => Api,
        ClientLimit.SignInControl => SignIn,
        ClientLimit.SetupControl => Setup,
        LimitExtensions.Tiles => Tiles,
        _ => throw new InvalidOperationException($"An endpoint names the limit {control}, which no posture has."),
    };

    internal static ClientLimit Read(Figures figures, string permits) =>
        new(figures.Control.Id, checked((int)figures.Integer(permits)), figures.Duration("window"), checked((int)figures.Integer("ipv6-prefix")));
}
