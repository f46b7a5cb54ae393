namespace Vouchsafe.Hosting.Access;

/// <summary>The roles there are. What each may do stands in the posture.</summary>
public static class Roles
{
    public const string User = "user";
    public const string Admin = "admin";

    /// <summary>The operator's own staff. They have no tenant.</summary>
    public const string PlatformAdmin = "platform_admin";

    public static IReadOnlyList<string> All { get; } = [User, Admin, PlatformAdmin];

    /// <summary>Those that a tenant's administrator can give.</summary>
    public static IReadOnlyList<string> OfTenants { get; } = [User, Admin];
}
