using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Web.Languages;

namespace Vouchsafe.Web.Layout;

/// <summary>What every page needs of the request: who asks, in which language, and where they may go.</summary>
public sealed class Frame
{
    private readonly HttpRequest request;

    private Frame(HttpContext context, UiWords words)
    {
        request = context.Request;
        Words = words;
        Posture = context.RequestServices.GetRequiredService<Posture>();
        Caller = Caller.Of(context);
        Now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        Links = [.. context.RequestServices.GetServices<NavigationLink>().Where(IsForCaller).OrderBy(link => link.Order)];
    }

    public UiWords Words { get; }

    public Posture Posture { get; }

    /// <summary>Null where nobody signed in.</summary>
    public Caller? Caller { get; }

    public DateTimeOffset Now { get; }

    public IReadOnlyList<NavigationLink> Links { get; }

    /// <summary>Reads the request, and keeps the language that it chose.</summary>
    public static Frame Of(HttpContext context)
    {
        var words = context.RequestServices.GetRequiredService<WordBook>().For(context.Request);
        LanguageChoice.Keep(context);
        return new Frame(context, words);
    }

    public bool May(string permission) => Caller?.Permissions.Contains(permission) == true;

    /// <summary>Whether the company's data can be read and not changed: its trial ended, or it cancelled.</summary>
    public bool IsReadOnly => Caller?.ReadOnly == true;

    /// <summary>Whether the caller holds the permission and what it changes isn't refused for the time being.</summary>
    public bool MayChange(string permission) => May(permission) && !IsReadOnly;

    /// <summary>Whether the page is this one or below it.</summary>
    public bool IsAt(string path) => request.Path.StartsWithSegments(path, StringComparison.Ordinal);

    /// <summary>This page in another language.</summary>
    public string InLanguage(string language) => LanguageChoice.Link(request, language);

    /// <summary>The name of a language in itself.</summary>
    public string NameOf(string language) => request.HttpContext.RequestServices.GetRequiredService<WordBook>()[language]["language"];

    private bool IsForCaller(NavigationLink link) =>
        (link.Permission is null || May(link.Permission)) && (!link.TenantsAlone || Caller?.Tenant is not null);
}
