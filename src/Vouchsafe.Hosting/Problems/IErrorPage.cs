using Microsoft.AspNetCore.Http;

namespace Vouchsafe.Hosting.Problems;

/// <summary>Renders a refusal as a page for a person. Registered by whoever renders pages; without one, people get problem+json too.</summary>
public interface IErrorPage
{
    /// <summary>Writes the body. Status and cache headers are set already; nothing of the failed request may be shown.</summary>
    /// <returns>False where it wrote nothing.</returns>
    Task<bool> TryWriteAsync(HttpContext context, ProblemKind kind, string? detail);
}
