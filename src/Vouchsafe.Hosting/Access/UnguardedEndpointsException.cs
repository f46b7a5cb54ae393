namespace Vouchsafe.Hosting.Access;

/// <summary>The application has endpoints that nobody decided about, and won't start. Each is named in the message.</summary>
public sealed class UnguardedEndpointsException(IReadOnlyList<string> offenders) : Exception(
    $"{offenders.Count} endpoint(s) can't be served. Close each with RequirePermission(\"area.verb\") or open it with OpenToAnybody(\"why\"):"
    + string.Concat(offenders.Select(offender => Environment.NewLine + "  " + offender)))
{
    public IReadOnlyList<string> Offenders { get; } = offenders;
}
