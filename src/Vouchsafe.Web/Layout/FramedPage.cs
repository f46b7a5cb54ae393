using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Vouchsafe.Web.Languages;

namespace Vouchsafe.Web.Layout;

/// <summary>A page in the common frame.</summary>
public abstract class FramedPage : ComponentBase
{
    [Parameter, EditorRequired] public required Frame Frame { get; set; }

    protected UiWords Words => Frame.Words;

    /// <summary>The page as an answer that no cache keeps.</summary>
    /// <param name="parameters">Those of the page, by name; the frame is added.</param>
    public static IResult Show<TPage>(HttpContext context, Dictionary<string, object?>? parameters = null, int status = StatusCodes.Status200OK)
        where TPage : FramedPage
    {
        context.Response.Headers.CacheControl = "no-store";
        parameters ??= [];
        parameters[nameof(Frame)] = Frame.Of(context);
        return new RazorComponentResult<TPage>(parameters) { StatusCode = status };
    }
}
