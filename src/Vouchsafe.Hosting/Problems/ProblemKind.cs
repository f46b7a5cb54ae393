using Microsoft.AspNetCore.Http;

namespace Vouchsafe.Hosting.Problems;

/// <summary>A kind of refusal (RFC 9457): its type URI ends in <paramref name="Name"/>. Each module declares its own beside the code that refuses.</summary>
/// <param name="Name">Lower case with hyphens: <c>trial-ended</c>.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Title">One sentence, the same for each occurrence; tells nothing about the tenant or the user.</param>
public sealed record ProblemKind(string Name, int Status, string Title)
{
    public static readonly ProblemKind BadRequest = new("bad-request", StatusCodes.Status400BadRequest, "The request can't be read.");
    public static readonly ProblemKind InvalidInput = new("invalid-input", StatusCodes.Status400BadRequest, "Some fields are invalid. See errors and codes.");
    public static readonly ProblemKind Unauthenticated = new("unauthenticated", StatusCodes.Status401Unauthorized, "Sign in first.");
    public static readonly ProblemKind Forbidden = new("forbidden", StatusCodes.Status403Forbidden, "You don't have permission to do this.");
    public static readonly ProblemKind NotFound = new("not-found", StatusCodes.Status404NotFound, "Not found.");
    public static readonly ProblemKind Conflict = new("conflict", StatusCodes.Status409Conflict, "This conflicts with an existing record.");

    /// <summary>The problem's <c>type</c>.</summary>
    public string Type => "https://vouchsafe.dev/problems/" + Name;
}
