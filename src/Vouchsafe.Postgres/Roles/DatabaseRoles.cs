namespace Vouchsafe.Postgres.Roles;

/// <summary>The three logins. None is a superuser, none bypasses row-level security, app and platform own nothing.</summary>
public static class DatabaseRoles
{
    /// <summary>Owns the schemas; migrations alone use it.</summary>
    public const string Owner = "vouchsafe_owner";

    /// <summary>Tenant tables, one tenant at a time.</summary>
    public const string App = "vouchsafe_app";

    /// <summary>Platform tables: directory, identity, evidence.</summary>
    public const string Platform = "vouchsafe_platform";

    public static IReadOnlyList<string> All { get; } = [Owner, App, Platform];
}
