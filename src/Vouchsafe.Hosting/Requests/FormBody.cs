using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Vouchsafe.Hosting.Problems;

namespace Vouchsafe.Hosting.Requests;

/// <summary>Reads a posted form strictly: bounded, url-encoded, no field twice.</summary>
public static class FormBody
{
    private const int MostFields = 64;

    /// <returns>The fields, or the refusal to answer with.</returns>
    public static async Task<(FrozenDictionary<string, string>? Fields, IResult? Refusal)> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.ContentType is not { } type || !type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
            return (null, Problem.Of(JsonBody.UnsupportedMediaType, "A form is posted as application/x-www-form-urlencoded."));
        if (request.ContentLength is null or > JsonBody.LongestBody)
            return (null, Problem.Of(JsonBody.TooLarge));
        try
        {
            context.Features.Set<IFormFeature>(new FormFeature(request, new FormOptions { ValueCountLimit = MostFields, ValueLengthLimit = JsonBody.LongestBody }));
            var form = await request.ReadFormAsync(context.RequestAborted);
            return form.Any(field => field.Value.Count != 1)
                ? (null, Problem.Of(ProblemKind.BadRequest, "A field is given twice."))
                : (form.ToFrozenDictionary(field => field.Key, field => field.Value[0] ?? "", StringComparer.Ordinal), null);
        }
        catch (Exception problem) when (problem is InvalidDataException or BadHttpRequestException)
        {
            return (null, Problem.Of(ProblemKind.BadRequest, "The form can't be read."));
        }
    }
}
