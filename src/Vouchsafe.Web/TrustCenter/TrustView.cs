using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Controls;
using Vouchsafe.Claims.Evidence;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Web.Languages;

namespace Vouchsafe.Web.TrustCenter;

/// <summary>What the trust page shows: the claims as they stand at one moment.</summary>
/// <param name="Posture">Whose claims.</param>
/// <param name="States">The claims in force, in the posture's order.</param>
/// <param name="History">What became of claims that are no longer in force.</param>
/// <param name="Now">The moment.</param>
/// <param name="Origin">The instance's address: <c>https://host[:port]</c>.</param>
/// <param name="Key">The key that signs its statement.</param>
public sealed record TrustView(Posture Posture, IReadOnlyList<ClaimState> States, ClaimHistory History, DateTimeOffset Now, string Origin, string Key)
{
    public IReadOnlyDictionary<Verdict, int> Counts { get; } = States.CountBy(state => state.Verdict).ToDictionary();

    public IEnumerable<IGrouping<string, ClaimState>> Areas => States.GroupBy(state => state.Claim.Area);

    public IEnumerable<ClaimDefinition> Withdrawn => Posture.Claims.Where(claim => claim.Withdrawn is not null);

    /// <summary>What a visitor runs who has the tool installed. The key is pinned: whoever copies it today notices another one tomorrow.</summary>
    public string Command => $"vouchsafe verify --url {Origin} --posture {Posture.Name} --key {Key} --allow-planned";

    /// <summary>True where nothing of the claim is built yet.</summary>
    public static bool IsPlanned(ClaimState state) => state.Controls.All(control => ControlCatalogue.Find(control.Control)?.Stage == Stage.Planned);

    /// <summary>The language in which the claims answer a reader of these words, where it isn't the page's own (WCAG 3.1.2).</summary>
    public string? LanguageOf(UiWords words) => Posture.Languages.Contains(words.Language) ? null : Posture.Languages[0];

    /// <summary>An area's name in the reader's language; the posture's own where it is none of those that have one.</summary>
    public static string NameOf(string area, UiWords words)
    {
        var name = words.Or("area." + area.Replace(' ', '-'), area);
        return name[..1].ToUpper(words.Culture) + name[1..];
    }

    /// <summary>An area's fragment on the page.</summary>
    public static string Anchor(string area) => "area-" + area.Replace(' ', '-');
}
