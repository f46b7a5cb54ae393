using System.Collections.Frozen;
using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Hosting.Access;

/// <summary>What each role may do, from the posture's control <c>roles.matrix</c>. A permission is named in full: there are no wildcards to grow with the code.</summary>
public sealed class RoleMatrix
{
    public const string Control = "roles.matrix";

    private readonly FrozenDictionary<string, FrozenSet<string>> permissions;

    public RoleMatrix(IReadOnlyDictionary<string, IReadOnlyCollection<string>> permissions)
    {
        foreach (var (role, names) in permissions)
            if (names.FirstOrDefault(name => !PermissionName.IsValid(name)) is { } odd)
                throw new ArgumentException($"roles.matrix gives {role} \"{odd}\", which is no permission of the form area.verb.", nameof(permissions));
        this.permissions = permissions.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    public IReadOnlyCollection<string> Roles => permissions.Keys;

    /// <summary>Empty for a role the posture doesn't know: closed by default.</summary>
    public FrozenSet<string> Of(string role) => permissions.GetValueOrDefault(role, FrozenSet<string>.Empty);

    public FrozenSet<string> Of(IReadOnlyCollection<string> roles) => roles.Count == 1
        ? Of(roles.First())
        : roles.SelectMany(Of).ToFrozenSet(StringComparer.Ordinal);

    public static RoleMatrix From(Posture posture)
    {
        var figures = posture.Figures(Control);
        return new RoleMatrix(Access.Roles.All.ToDictionary(
            role => role,
            role => (IReadOnlyCollection<string>)figures.Choices(role.Replace('_', '-'))));
    }
}
