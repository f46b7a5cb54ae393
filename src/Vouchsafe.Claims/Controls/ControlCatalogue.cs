using System.Collections.Frozen;
using Vouchsafe.Claims.Controls.Areas;

namespace Vouchsafe.Claims.Controls;

/// <summary>Every control there is, built or planned: what a posture can name, and the figures it can give. The single list.</summary>
public static class ControlCatalogue
{
    public static IReadOnlyList<ControlDefinition> All { get; } =
    [
        .. Transport.All, .. Web.All, .. Limits.All, .. Tenancy.All, .. Audit.All, .. Passwords.All, .. Sessions.All, .. Access.All,
        .. Contract.All, .. Encryption.All, .. Backup.All, .. Residency.All, .. SubProcessors.All, .. DataSubjects.All, .. Offboarding.All,
        .. Incidents.All, .. Vulnerabilities.All, .. Ai.All, .. Trust.All,
    ];

    private static readonly FrozenDictionary<string, ControlDefinition> ById = All.ToFrozenDictionary(control => control.Id, StringComparer.Ordinal);

    /// <summary>The control of that id, or null.</summary>
    public static ControlDefinition? Find(string id) => ById.GetValueOrDefault(id);
}
