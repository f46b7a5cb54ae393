using System.Security.Authentication;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Edge.Probing;

namespace Vouchsafe.Edge.Transport;

/// <summary>Offers each node every version and family of suites, byte by byte, and completes one real handshake.</summary>
/// <remarks>The hellos are written by hand, so that what this machine's own TLS refuses to offer doesn't look as if the server had refused it.</remarks>
public sealed class TlsCheck : ICheck
{
    public string Control => TransportOptions.Control;

    public Vantage Vantage => Vantage.Outside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        var promised = TransportOptions.From(context.Figures);
        var preferred = context.Figures.Choice("prefer") == "1.3" ? ClientHello.Tls13 : ClientHello.Tls12;
        var outsider = new Outsider(context.Target);
        var seen = new JsonArray();
        var faults = new List<string>();
        foreach (var node in outsider.Nodes)
        {
            foreach (var offer in TlsOffers.For(promised, preferred))
            {
                var answer = await ServerHello.OfAsync(outsider, node, ClientHello.Write(node.Host, offer.Versions, offer.Suites), cancellationToken);
                var fault = Fault(offer, answer, promised);
                seen.Add(new JsonObject
                {
                    ["node"] = node.Authority,
                    ["offered"] = offer.What,
                    ["answer"] = answer.Accepted ? $"{TlsOffers.Name(answer.Version)} {answer.Suite}" : answer.Alert is { } alert ? $"alert {alert}" : "hung up",
                });
                if (fault is not null) faults.Add(fault);
            }
            if (await HandshakeAsync(outsider, node, promised, seen, cancellationToken) is { } failed) faults.Add(failed);
        }
        var record = new JsonObject { ["offers"] = seen };
        var versions = string.Join(" and ", new[] { (SslProtocols.Tls12, "1.2"), (SslProtocols.Tls13, "1.3") }.Where(pair => promised.Versions.HasFlag(pair.Item1)).Select(pair => pair.Item2));
        return faults.Count == 0
            ? Finding.Held($"TLS {versions} with the promised suites alone; a client that offers both gets {TlsOffers.Name(preferred)}; {seen.Count} offers on {outsider.Nodes.Count} node(s).", record)
            : Finding.Broken($"{string.Join("; ", faults.Distinct().Take(3))}.", record);
    }

    internal static string? Fault(TlsOffer offer, ServerHello answer, TransportOptions promised)
    {
        if (!answer.Accepted)
            return offer.Expected == 0 ? null : $"An offer of {offer.What} was refused ({(answer.Alert is { } alert ? $"alert {alert}" : "no answer")})";
        var chosen = $"{TlsOffers.Name(answer.Version)} with {answer.Suite}";
        if (offer.Expected == 0) return $"An offer of {offer.What} was accepted: {chosen}";
        if (answer.Version != offer.Expected) return $"An offer of {offer.What} led to {chosen} instead of {TlsOffers.Name(offer.Expected)}";
        return promised.Suites.Contains(answer.Suite) ? null : $"An offer of {offer.What} led to a suite that isn't promised: {chosen}";
    }

    private static async Task<string?> HandshakeAsync(Outsider outsider, Uri node, TransportOptions promised, JsonArray seen, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await outsider.SecureAsync(node, cancellationToken);
            seen.Add(new JsonObject { ["node"] = node.Authority, ["offered"] = "a whole handshake", ["answer"] = $"{stream.SslProtocol} {stream.NegotiatedCipherSuite}" });
            return promised.Versions.HasFlag(stream.SslProtocol) && promised.Suites.Contains(stream.NegotiatedCipherSuite)
                ? null
                : $"A whole handshake ended in {stream.SslProtocol} with {stream.NegotiatedCipherSuite}, which isn't promised";
        }
        catch (Exception failed) when (failed is AuthenticationException or IOException)
        {
            seen.Add(new JsonObject { ["node"] = node.Authority, ["offered"] = "a whole handshake", ["answer"] = "failed" });
            return $"A whole handshake with {node.Authority} failed: {failed.Message}";
        }
    }
}
