using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Vouchsafe.Hosting.Problems;

namespace Vouchsafe.Hosting.Requests;

/// <summary>Reads a request's JSON strictly: bounded in size and depth, no member twice, none unknown, each required one there.</summary>
public static class JsonBody
{
    public const int LongestBody = 64 * 1024;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        MaxDepth = 8,
        AllowDuplicateProperties = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <returns>The body, or the refusal to answer with.</returns>
    public static async Task<(T? Body, IResult? Refusal)> ReadAsync<T>(HttpContext context) where T : class
    {
        var request = context.Request;
        if (!request.HasJsonContentType())
            return (null, Problem.Of(UnsupportedMediaType));
        if (request.ContentLength > LongestBody)
            return (null, Problem.Of(TooLarge));
        var buffer = new byte[LongestBody + 1];
        var length = 0;
        for (int read; (read = await request.Body.ReadAsync(buffer.AsMemory(length), context.RequestAborted)) > 0; length += read)
            if (length + read > LongestBody) return (null, Problem.Of(TooLarge));
        try
        {
            return JsonSerializer.Deserialize<T>(buffer.AsSpan(0, length), Strict) is { } body
                ? (body, null)
                : (null, Problem.Of(ProblemKind.BadRequest, "The body is null."));
        }
        catch (JsonException)
        {
            // The exception's message quotes the input; it isn't passed on.
            return (null, Problem.Of(ProblemKind.BadRequest, "The body isn't valid JSON for this endpoint."));
        }
    }

    public static readonly ProblemKind TooLarge = new("too-large", StatusCodes.Status413PayloadTooLarge, "The request is too large.");
    public static readonly ProblemKind UnsupportedMediaType = new("unsupported-media-type", StatusCodes.Status415UnsupportedMediaType, "This endpoint takes application/json.");
}
