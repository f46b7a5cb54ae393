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

    /// <summary>What the product shows as seen red is what this suite sees: run it with VOUCHSAFE_WRITE_SUITE=1 after a change.</summary>
    [Fact]
    public void The_record_of_reds_names_every_sabotage_of_every_built_control()
    {
        var recorded = SeenRed.Record().ToDictionary(control => control.Key, control => control.Value!["sabotages"]!.AsArray().Select(name => name!.GetValue<string>()).ToList());
        if (Environment.GetEnvironmentVariable("VOUCHSAFE_WRITE_SUITE") == "1") return;
        Assert.Equal(Sabotages.Controls.Order(StringComparer.Ordinal), recorded.Keys.Order(StringComparer.Ordinal));
        foreach (var (control, names) in recorded) Assert.Equal(Sabotages.Of(control).Select(sabotage => sabotage.Name), names);
    }
}
