using Vouchsafe.Edge.Headers;
using Vouchsafe.Edge.Limits;
using Vouchsafe.Edge.Transport;

namespace Vouchsafe.Edge;

/// <summary>The controls that are in force. Each connection and request asks here, so that a test can put a broken one in its place while the server runs.</summary>
/// <remarks>Only code inside this process reaches it: no setting, header or request does.</remarks>
internal sealed class EdgeControls(TlsPolicy tls, HeaderPolicy headers, CachePolicy caching, RedirectPolicy redirect, RefusalPolicy refusal, LimitSet limits, RateLimiter limiter)
{
    public TlsPolicy Tls { get; set; } = tls;

    public HeaderPolicy Headers { get; set; } = headers;

    public LinkReferrers Referrers { get; set; } = new();

    public CachePolicy Caching { get; set; } = caching;

    public RedirectPolicy Redirect { get; set; } = redirect;

    public RefusalPolicy Refusal { get; set; } = refusal;

    public LimitSet Limits { get; set; } = limits;

    public RateLimiter Limiter { get; set; } = limiter;
}
