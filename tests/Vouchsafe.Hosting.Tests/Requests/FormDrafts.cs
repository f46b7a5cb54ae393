using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Vouchsafe.Hosting.Requests;
using Vouchsafe.Testing.Time;
using Xunit;

namespace Vouchsafe.Hosting.Tests.Requests;

/// <summary>A draft comes back once, to its own form, for a few minutes, and to nobody who made it up.</summary>
public sealed class FormDrafts
{
    private readonly FakeTimeProvider time = new();
    private readonly FormDraft drafts;

    public FormDrafts() => drafts = new FormDraft(new EphemeralDataProtectionProvider(), time);

    [Fact]
    public void What_was_written_comes_back_and_is_forgotten()
    {
        var answer = Context(Keep("/form", ("name", "Kask & Sons"), ("empty", ""), ("none", null)));
        Assert.Equal([KeyValuePair.Create("name", "Kask & Sons")], drafts.Take(answer, "/form"));
        Assert.StartsWith("__Host-draft=; expires=Thu, 01 Jan 1970", answer.Response.Headers.SetCookie.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_browser_cannot_read_it()
    {
        var kept = Keep("/form", ("mail", "maarja@example.ee"))!;
        Assert.DoesNotContain("maarja", kept, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String("maarja"u8)[..7], kept, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_form_a_later_hour_and_a_stranger_get_nothing()
    {
        var kept = Keep("/form", ("name", "Kask"));
        Assert.Empty(drafts.Take(Context(kept), "/other"));
        Assert.Empty(new FormDraft(new EphemeralDataProtectionProvider(), time).Take(Context(kept), "/form"));
        time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        Assert.Empty(drafts.Take(Context(kept), "/form"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("not base64!")]
    [InlineData("QUJDREVG")]
    public void What_is_no_draft_is_none(string cookie) => Assert.Empty(drafts.Take(Context(cookie), "/form"));

    [Fact]
    public void A_draft_that_no_browser_would_keep_is_not_sent()
    {
        Assert.Null(Keep("/form", ("text", new string('x', 4_000))));
        Assert.Empty(drafts.Take(Context(new string('A', 10_000)), "/form"));
    }

    private string? Keep(string path, params (string Key, string? Value)[] fields)
    {
        var context = new DefaultHttpContext();
        drafts.Keep(context, path, fields.Select(field => KeyValuePair.Create(field.Key, field.Value)));
        return context.Response.Headers.SetCookie is [{ } set] ? set.Split(';')[0].Split('=', 2)[1] : null;
    }

    private static DefaultHttpContext Context(string? cookie)
    {
        var context = new DefaultHttpContext();
        if (cookie is not null) context.Request.Headers.Cookie = "__Host-draft=" + cookie;
        return context;
    }
}
