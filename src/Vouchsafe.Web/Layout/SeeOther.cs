using Microsoft.AspNetCore.Http;

namespace Vouchsafe.Web.Layout;

/// <summary>After a form: 303, so that the browser comes back with GET and never posts again (RFC 9110, section 15.4.4).</summary>
public static class SeeOther
{
    /// <param name="path">On this host, made by the application.</param>
    public static IResult To(HttpContext context, string path)
    {
        context.Response.Headers.Location = path;
        context.Response.Headers.CacheControl = "no-store";
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }
}
