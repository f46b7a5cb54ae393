namespace Vouchsafe.Browser.Browsing;

/// <summary>The window that a page is seen in. Each is looked at in light and in dark.</summary>
public sealed record Look(string Name, int Width, int Height)
{
    public static Look Desktop { get; } = new("desktop", 1280, 800);

    public static Look Phone { get; } = new("phone", 390, 844);

    public static IReadOnlyList<Look> All { get; } = [Desktop, Phone];

    public static Look Of(string name) => All.Single(look => look.Name == name);
}

/// <summary>Who looks at a page.</summary>
public enum Visitor
{
    Stranger,

    /// <summary>Sells for a demo tenant: the role user.</summary>
    Seller,

    /// <summary>Administers that tenant.</summary>
    Administrator,

    /// <summary>Administers a tenant that cancelled.</summary>
    Former,

    /// <summary>The operator's staff.</summary>
    Operator,
}
