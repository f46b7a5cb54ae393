using System.Text.RegularExpressions;

namespace Vouchsafe.Hosting.Access;

/// <summary>The form of a permission's name: <c>area.verb</c>, lower case, digits and hyphens.</summary>
internal static partial class PermissionName
{
    private const int Longest = 64;

    public static bool IsValid(string name) => name.Length <= Longest && Form().IsMatch(name);

    [GeneratedRegex(@"\A[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
