using Vouchsafe.Claims.Checks;

namespace Vouchsafe.Hosting.Limits;

/// <summary>
/// Tries every endpoint that takes a password, a link or an address, with those of canaries. The Identity module
/// answers.
/// </summary>
public interface IAttemptProbes
{
    /// <summary>
    /// One row for each endpoint: what was wrong, or null. Only from a check's own machine: elsewhere the client's
    /// own limit would answer.
    /// </summary>
    IAsyncEnumerable<(string Endpoint, string? Fault)> TryAsync(CheckTarget target, CancellationToken cancellationToken);
}
