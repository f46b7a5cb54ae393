using Vouchsafe.Acceptance.Running;
using Vouchsafe.Acceptance.Sabotage;
using Vouchsafe.Claims.Controls;
using Vouchsafe.Claims.Postures;
using Xunit;

namespace Vouchsafe.Acceptance.Claims;

/// <summary>
/// Claim by claim under one posture: green, broken, red with a message that names what is wrong, mended, green.
/// </summary>
/// <remarks>
/// Where nothing ran on the application since a control was last seen green, that is the green before its next sabotage (decision 0099).
/// </remarks>
[TestCaseOrderer(typeof(ByControl))]
public abstract class ClaimSuite<TRunning>(TRunning running)
    where TRunning : RunningApplication
{
    /// <summary>One row for each claim in force and each built control it rests on.</summary>
    protected static TheoryData<string, string> RowsOf(string posture)
    {
        var rows = new TheoryData<string, string>();
        foreach (var claim in PostureFiles.Load(posture).Claims.Where(claim => claim.Withdrawn is null))
            foreach (var control in claim.Controls.Where(ControlStages.IsBuilt))
                rows.Add(claim.Id, control);
        return rows;
    }

    /// <summary>One row for each sabotage of each built control of each claim.</summary>
    protected static TheoryData<string, string, string> SabotagesOf(string posture)
    {
        var rows = new TheoryData<string, string, string>();
        foreach (var claim in PostureFiles.Load(posture).Claims.Where(claim => claim.Withdrawn is null))
            foreach (var control in claim.Controls.Where(ControlStages.IsBuilt))
                foreach (var sabotage in Sabotages.Of(control))
                    rows.Add(claim.Id, control, sabotage.Name);
        return rows;
    }

    protected async Task HoldsAsync(string claim, string control)
    {
        running.JustSeenGreen = null;
        var finding = await running.CheckAsync(control, TestContext.Current.CancellationToken);
        Assert.True(finding.Holds, $"{claim}, {control}: {finding.Message}");
        Assert.False(string.IsNullOrWhiteSpace(finding.Message), $"{claim}, {control}: a check that holds must say what it saw.");
        running.JustSeenGreen = control;
    }

    protected async Task TurnsRedAsync(string claim, string control, string name)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var sabotage = Sabotages.Of(control).Single(candidate => candidate.Name == name);
        var context = running.Sabotage with { };
        if (running.JustSeenGreen != control)
            await HoldsAsync(claim, control);
        running.JustSeenGreen = null;

        string? changed;
        try
        {
            changed = await sabotage.BreakAsync(context, cancellation);
            Assert.False(string.IsNullOrWhiteSpace(changed), $"{claim}: the sabotage \"{name}\" changed nothing, so it is void.");
            var red = await running.CheckAsync(control, cancellation);
            Assert.False(red.Holds, $"{claim}: {control} stayed green although {changed}: {red.Message}");
            Assert.Contains(sabotage.ExpectedMessageFragment, red.Message, StringComparison.OrdinalIgnoreCase);
        }
        finally
        {
            await sabotage.MendAsync(context, CancellationToken.None);
        }

        await HoldsAsync(claim, control);
        SeenRed.Note(control, name);
    }
}
