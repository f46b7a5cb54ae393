using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Edge.Headers;

/// <summary>The figures of <c>web.headers</c>.</summary>
internal sealed record HeaderOptions(string ContentSecurityPolicy, string FrameOptions, string ReferrerPolicy, string PermissionsPolicy)
{
    internal const string Control = "web.headers";

    public static HeaderOptions From(Posture posture) => From(posture.Figures(Control));

    /// <exception cref="InvalidOperationException">A policy that lets through what it is there to stop.</exception>
    public static HeaderOptions From(Figures figures) =>
        new HeaderOptions(figures.Text("content-security-policy"), figures.Text("frame-options"), figures.Text("referrer-policy"), figures.Text("permissions-policy")).Checked();

    internal HeaderOptions Checked()
    {
        foreach (var (name, value) in All)
            if (value.Length == 0 || value.Any(c => c is < ' ' or > '~'))
                throw new InvalidOperationException($"{Control}: {name} is empty or holds a character that a header can't carry.");
        if (ContentPolicy.WhyUnsafe(ContentSecurityPolicy) is { } why)
            throw new InvalidOperationException($"{Control}: {why}");
        return this;
    }

    public IEnumerable<(string Name, string Value)> All =>
    [
        ("Content-Security-Policy", ContentSecurityPolicy),
        ("X-Frame-Options", FrameOptions),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", ReferrerPolicy),
        ("Permissions-Policy", PermissionsPolicy),
    ];
}
