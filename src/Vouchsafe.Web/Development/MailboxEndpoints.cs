using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Mail;
using Vouchsafe.Mail.Mailbox;
using Vouchsafe.Web.Layout;

namespace Vouchsafe.Web.Development;

/// <summary>Shows mail instead of sending it. There only where the host runs with the development mailbox, which production refuses.</summary>
internal static partial class MailboxEndpoints
{
    private const string Why = "development alone: messages to people who don't exist";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetService<DevelopmentMailbox>() is not { } mailbox)
            return;
        var pages = endpoints.MapGroup("/dev");
        // The return type is spelled out, or this would be taken for a RequestDelegate and its result dropped.
        pages.MapGet("/mailbox", async Task<IResult> (HttpContext context) => FramedPage.Show<MailboxPage>(context, new()
        {
            [nameof(MailboxPage.Messages)] = await mailbox.ListAsync(context.RequestAborted),
        })).OpenToAnybody(Why).ExcludeFromDescription();
        pages.MapGet("/mailbox.json", async (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "no-store";
            var messages = await mailbox.ListAsync(context.RequestAborted);
            return TypedResults.Ok(messages.Select(ShownMail.Of).ToList());
        }).OpenToAnybody(Why).WithTags("Development").WithName("development.mailbox").WithSummary("Mail that would have been sent, newest first; in development alone");
    }

    /// <summary>The addresses of pages that a text holds, in their order.</summary>
    internal static IEnumerable<Match> Links(string text) => Link().Matches(text);

    [GeneratedRegex(@"https?://[^\s<>""']+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    /// <param name="Links">Those in the text, so that a test needn't look for them.</param>
    internal sealed record ShownMail(Guid Id, DateTimeOffset Date, string To, string Subject, string Text, string? Html, IReadOnlyList<string> Links)
    {
        public static ShownMail Of(OutgoingMail mail) => new(
            mail.Id, mail.Date, mail.Message.To, mail.Message.Subject, mail.Message.Text, mail.Message.Html,
            [.. MailboxEndpoints.Links(mail.Message.Text).Select(link => link.Value)]);
    }
}
