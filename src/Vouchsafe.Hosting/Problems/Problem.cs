using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Vouchsafe.Hosting.Problems;

/// <summary>Writes a refusal: as a page where a browser navigates and somebody renders pages, as application/problem+json (RFC 9457) otherwise.</summary>
public static class Problem
{
    /// <param name="context">Its response must not have started.</param>
    /// <param name="kind">What is refused.</param>
    /// <param name="detail">More for the caller; never anything that the caller didn't know.</param>
    /// <param name="errors">What is wrong with which field.</param>
    public static Task WriteAsync(HttpContext context, ProblemKind kind, string? detail = null, IReadOnlyDictionary<string, string>? errors = null) =>
        WriteAsync(context, kind, detail, errors, null);

    private static async Task WriteAsync(
        HttpContext context, ProblemKind kind, string? detail, IReadOnlyDictionary<string, string>? errors, IReadOnlyDictionary<string, string>? codes)
    {
        context.Response.StatusCode = kind.Status;
        context.Response.Headers.CacheControl = "no-store";
        if (IsPage(context.Request) && context.RequestServices?.GetService(typeof(IErrorPage)) is IErrorPage page && await page.TryWriteAsync(context, kind, detail)) return;
        context.Response.ContentType = "application/problem+json";
        if (HttpMethods.IsHead(context.Request.Method)) return;
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("type", kind.Type);
        writer.WriteString("title", kind.Title);
        writer.WriteNumber("status", kind.Status);
        if (detail is not null) writer.WriteString("detail", detail);
        WriteFields(writer, "errors", errors);
        WriteFields(writer, "codes", codes);
        writer.WriteEndObject();
        await writer.FlushAsync(context.RequestAborted);
    }

    private static void WriteFields(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, string>? fields)
    {
        if (fields is null) return;
        writer.WriteStartObject(name);
        foreach (var (field, text) in fields) writer.WriteString(field, text);
        writer.WriteEndObject();
    }

    /// <summary>A browser's own navigation, by link or by form.</summary>
    private static bool IsPage(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsPost(request.Method))
        && !request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        && request.Headers.Accept.Any(accept => accept?.Contains("text/html", StringComparison.OrdinalIgnoreCase) == true);

    /// <summary>The refusal as an endpoint's result.</summary>
    public static IResult Of(ProblemKind kind, string? detail = null, IReadOnlyDictionary<string, string>? errors = null) => new Refusal(kind, detail, errors, null);

    /// <summary>The refusal of fields: <c>errors</c> has a sentence for each, <c>codes</c> its code.</summary>
    public static IResult OfFields(IReadOnlyDictionary<string, FieldProblem> fields) => new Refusal(ProblemKind.InvalidInput, null,
        fields.ToDictionary(field => field.Key, field => field.Value.Wanted), fields.ToDictionary(field => field.Key, field => field.Value.Code));

    /// <summary>The refusal of one field.</summary>
    public static IResult OfField(string field, FieldProblem problem) => OfFields(new Dictionary<string, FieldProblem> { [field] = problem });

    private sealed record Refusal(
        ProblemKind Kind, string? Detail, IReadOnlyDictionary<string, string>? Errors, IReadOnlyDictionary<string, string>? Codes) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, Kind, Detail, Errors, Codes);
    }
}
