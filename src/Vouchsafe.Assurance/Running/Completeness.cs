using Microsoft.Extensions.Hosting;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Controls;
using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Assurance.Running;

/// <summary>A claim that rests on a built control without a check stops the start-up, and so does a check of a control that isn't built.</summary>
internal sealed class Completeness(Posture posture, IEnumerable<ICheck> checks) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var checkedControls = checks.Select(check => check.Control).ToList();
        List<string> faults =
        [
            .. checkedControls.GroupBy(control => control, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => $"{group.Key} has {group.Count()} checks; it takes one."),
            .. checkedControls.Distinct().Where(control => ControlCatalogue.Find(control)?.Stage != Stage.Built).Select(control => $"There is a check of {control}, which the catalogue doesn't know as built."),
            .. posture.Controls.Where(control => ControlCatalogue.Find(control)?.Stage == Stage.Built && !checkedControls.Contains(control)).Select(control => $"A claim rests on {control}, and no check of it is registered."),
        ];
        return faults.Count == 0
            ? Task.CompletedTask
            : throw new InvalidOperationException("The application doesn't serve claims that nothing checks:" + string.Concat(faults.Select(fault => Environment.NewLine + "  " + fault)));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
