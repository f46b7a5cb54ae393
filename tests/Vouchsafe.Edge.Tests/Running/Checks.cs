using Vouchsafe.Edge.Headers;
using Vouchsafe.Edge.Limits;
using Vouchsafe.Edge.Transport;
using Xunit;

namespace Vouchsafe.Edge.Tests.Running;

/// <summary>Each check against two sound nodes.</summary>
public sealed class Checks(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    public static TheoryData<string> All() =>
    [
        TransportOptions.Control, HstsOptions.Control, RedirectPolicy.Control, HeaderOptions.Control, RefusalPolicy.Control,
        ClientLimit.SignInControl, ClientLimit.ApiControl, ClientLimit.SetupControl, ClientLimit.TilesControl,
    ];

    [Theory, MemberData(nameof(All))]
    public async Task A_sound_edge_is_seen_to_be_sound(string control)
    {
        var check = nodes.One.Check(control);
        var finding = await check.RunAsync(EdgeNode.Context(check, nodes.Posture, nodes.One, nodes.Two), TestContext.Current.CancellationToken);
        Assert.True(finding.Holds, $"{finding.Message}\n{finding.Seen}");
    }
}
