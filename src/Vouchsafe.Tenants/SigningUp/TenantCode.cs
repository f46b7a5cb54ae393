using System.Text.RegularExpressions;
using Vouchsafe.Hosting.Problems;

namespace Vouchsafe.Tenants.SigningUp;

/// <summary>A tenant's short name, by which it is found at sign-in: 3 to 32 lower-case letters, digits and hyphens, a letter first, no hyphen last.</summary>
public static partial class TenantCode
{
    /// <summary>The code under which the operator's own staff sign in.</summary>
    public const string Platform = "platform";

    private static readonly string[] Reserved = [Platform, "system", "admin", "api", "www", "trust"];

    /// <summary>What is wrong with text that <see cref="Parse"/> refuses.</summary>
    internal static FieldProblem ProblemOf(string? text) => new(
        string.IsNullOrWhiteSpace(text) ? FieldCode.Required : Reserved.Contains(text.Trim().ToLowerInvariant()) ? "taken" : FieldCode.Form,
        "3 to 32 lower-case letters, digits and hyphens; a letter first, no hyphen last.");

    /// <summary>The code in its one spelling; null where it can't be one.</summary>
    public static string? Parse(string text)
    {
        var code = text.Length <= 64 ? text.Trim().ToLowerInvariant() : "";
        return Form().IsMatch(code) && !Reserved.Contains(code) ? code : null;
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{1,30}[a-z0-9]\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
