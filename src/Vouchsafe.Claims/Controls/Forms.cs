using System.Text.RegularExpressions;

namespace Vouchsafe.Claims.Controls;

/// <summary>Forms of text figures. Anchors are those that JSON Schema knows too; a value never holds control characters.</summary>
internal static partial class Forms
{
    /// <summary>A policy that begins with the strictest default and never lets inline code in.</summary>
    [GeneratedRegex(@"^default-src '(self|none)'(?!.*unsafe-)(; ?[a-z-]+( [A-Za-z0-9':/.*+=-]+)*)*;?$", RegexOptions.CultureInvariant, 200)]
    public static partial Regex ContentSecurityPolicy();

    [GeneratedRegex(@"^[a-z-]+=\([a-z ]*\)(, ?[a-z-]+=\([a-z ]*\))*$", RegexOptions.CultureInvariant, 200)]
    public static partial Regex PermissionsPolicy();

    [GeneratedRegex(@"^[a-z][a-z0-9-]{0,30}\.[a-z][a-z0-9-]{0,30}$", RegexOptions.CultureInvariant)]
    public static partial Regex Permission();

    [GeneratedRegex(@"^[a-z][a-z0-9_-]{0,40}$", RegexOptions.CultureInvariant)]
    public static partial Regex Word();

    /// <summary>A path on the product's own site.</summary>
    [GeneratedRegex(@"^(/[a-z0-9][a-z0-9._-]{0,60}){1,4}$", RegexOptions.CultureInvariant)]
    public static partial Regex Path();
}
