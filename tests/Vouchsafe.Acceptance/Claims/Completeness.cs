using Vouchsafe.Acceptance.Sabotage;
using Vouchsafe.Claims.Controls;
using Xunit;

namespace Vouchsafe.Acceptance.Claims;

/// <summary>No green that can't go red.</summary>
public sealed class Completeness
{
    [Fact]
    public void Every_built_control_has_a_sabotage()
    {
        var without = ControlCatalogue.All.Where(control => control.Stage == Stage.Built).Select(control => control.Id)
            .Where(control => !Sabotages.Of(control).Any());
        Assert.Empty(without);
    }

    [Fact]
    public void Every_sabotage_is_of_a_built_control() =>
        Assert.Empty(Sabotages.Controls.Except(ControlCatalogue.All.Where(control => control.Stage == Stage.Built).Select(control => control.Id)));
}
