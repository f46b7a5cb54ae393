using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Controls;
using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Web.TrustCenter;

/// <summary>What the trust page shows: the claims as they stand at one moment.</summary>
/// <param name="Posture">Whose claims.</param>
/// <param name="States">The claims in force, in the posture's order.</param>
/// <param name="Now">The moment.</param>
/// <param name="Origin">The address under which the visitor reached this instance: <c>https://host[:port]</c>.</param>
public sealed record TrustView(Posture Posture, IReadOnlyList<ClaimState> States, DateTimeOffset Now, string Origin)
{
    public IReadOnlyDictionary<Verdict, int> Counts { get; } = States.CountBy(state => state.Verdict).ToDictionary();

    public IEnumerable<IGrouping<string, ClaimState>> Areas => States.GroupBy(state => state.Claim.Area);

    public IEnumerable<ClaimDefinition> Withdrawn => Posture.Claims.Where(claim => claim.Withdrawn is not null);

    public string Command => $"./vouchsafe verify --url {Origin} --posture {Posture.Name}";

    /// <summary>True where nothing of the claim is built yet.</summary>
    public static bool IsPlanned(ClaimState state) => state.Controls.All(control => ControlCatalogue.Find(control.Control)?.Stage == Stage.Planned);

    /// <summary>An area's fragment on the page.</summary>
    public static string Anchor(string area) => "area-" + area.Replace(' ', '-');
}
