using System.Globalization;
using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Edge.Transport;

/// <summary>Strict-Transport-Security (RFC 6797): the figures of <c>transport.hsts</c>.</summary>
internal sealed record HstsOptions(TimeSpan MaxAge, bool IncludeSubdomains, bool Preload)
{
    internal const string Control = "transport.hsts";

    public static HstsOptions From(Posture posture) => From(posture.Figures(Control));

    /// <exception cref="InvalidOperationException">Preload without what the preload list asks for.</exception>
    public static HstsOptions From(Figures figures)
    {
        var options = new HstsOptions(figures.Duration("max-age"), figures.Flag("include-subdomains"), figures.Flag("preload"));
        if (options.Preload && (!options.IncludeSubdomains || options.MaxAge < TimeSpan.FromDays(365)))
            throw new InvalidOperationException($"{Control}: browsers' preload lists ask for include-subdomains and a max-age of a year or more.");
        return options;
    }

    public string Value => string.Create(CultureInfo.InvariantCulture,
        $"max-age={(long)MaxAge.TotalSeconds}{(IncludeSubdomains ? "; includeSubDomains" : "")}{(Preload ? "; preload" : "")}");
}
