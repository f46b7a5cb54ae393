using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Claims.Checks;

/// <summary>Looks at one control as an attacker or auditor would.</summary>
/// <remarks>
/// A check that throws is a failed claim, not a missing one: the runner turns the exception into a finding.
/// A check with <see cref="Vantage.Outside"/> needs nothing but the target's address, so that
/// <c>vouchsafe verify --url</c> runs it against a server it doesn't share a process with.
/// </remarks>
public interface ICheck
{
    /// <summary>The control looked at, as the catalogue names it: <c>transport.tls</c>.</summary>
    string Control { get; }

    Vantage Vantage { get; }

    Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken);
}

/// <summary>Where a check stands when it looks.</summary>
public enum Vantage
{
    /// <summary>Over the network, as any client: a TLS handshake, an HTTP request.</summary>
    Outside,

    /// <summary>With a database login or the process's own state.</summary>
    Inside,
}

/// <param name="Target">The running instance.</param>
/// <param name="Figures">The figures of the control that is checked, from the posture.</param>
/// <param name="Posture">The whole posture, for a control that depends on another's figure.</param>
public sealed record CheckContext(CheckTarget Target, Figures Figures, Posture Posture, TimeProvider Time);

/// <summary>The running instance that is checked.</summary>
/// <param name="Https">Base address, https.</param>
/// <param name="Http">Base address of the listener that redirects, or null where none is known.</param>
/// <param name="Nodes">HTTPS base addresses of every node that serves this instance; the first may equal <paramref name="Https"/>.</param>
/// <param name="AcceptAnyCertificate">True where the certificate is self-made (development); its validity is then not part of the finding.</param>
public sealed record CheckTarget(Uri Https, Uri? Http, IReadOnlyList<Uri> Nodes, bool AcceptAnyCertificate)
{
    /// <summary>The HTTPS port that clients are sent to, where it isn't that of <see cref="Https"/>: a node behind a balancer.</summary>
    public int? PublicPort { get; init; }
}
