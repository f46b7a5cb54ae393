namespace Vouchsafe.Browser.Browsing;

/// <summary>Light or dark, on a phone or a desktop.</summary>
public sealed record Look(bool Dark, int Width, int Height)
{
    public static Look Desktop { get; } = new(false, 1280, 800);

    public static Look Phone { get; } = new(false, 390, 844);

    public static IReadOnlyList<Look> All { get; } = [Desktop, Desktop with { Dark = true }, Phone, Phone with { Dark = true }];

    public override string ToString() => $"{(Width < 600 ? "phone" : "desktop")}-{(Dark ? "dark" : "light")}";
}

/// <summary>Who looks at a page.</summary>
public enum Visitor
{
    Stranger,

    /// <summary>Sells for a demo tenant: the role user.</summary>
    Seller,

    /// <summary>Administers that tenant.</summary>
    Administrator,

    /// <summary>The operator's staff.</summary>
    Operator,
}
