using Vouchsafe.Claims.Checks;
using Vouchsafe.Edge.Headers;
using Vouchsafe.Edge.Limits;
using Vouchsafe.Edge.Transport;
using Xunit;

namespace Vouchsafe.Edge.Tests.Running;

/// <summary>Each check against two sound nodes.</summary>
public sealed class Checks(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    public static TheoryData<Type> All() =>
        [typeof(TlsCheck), typeof(HstsCheck), typeof(RedirectCheck), typeof(HeadersCheck), typeof(SignInLimitCheck), typeof(ApiLimitCheck), typeof(SetupLimitCheck), typeof(AnswerCheck)];

    [Theory, MemberData(nameof(All))]
    public async Task A_sound_edge_is_seen_to_be_sound(Type type)
    {
        var check = (ICheck)Activator.CreateInstance(type)!;
        var finding = await check.RunAsync(EdgeNode.Context(check, nodes.Posture, nodes.One, nodes.Two), TestContext.Current.CancellationToken);
        Assert.True(finding.Holds, $"{finding.Message}\n{finding.Seen}");
    }
}
