using Vouchsafe.Browser.Browsing;
using Xunit;
using Xunit.Sdk;

namespace Vouchsafe.Browser.Pages;

/// <summary>What looks for faults of pages finds them.</summary>
public sealed class FaultyPage(House house)
{
    [Theory]
    [InlineData("label: ", "document.querySelector('main').append(document.createElement('input'))")]
    [InlineData("color-contrast: ", "document.querySelector('h1').style.color = getComputedStyle(document.body).backgroundColor")]
    [InlineData("not looked into: ", "document.querySelector('main').append(document.createElement('iframe'))")]
    public async Task Is_found_to_be_inaccessible(string fault, string script)
    {
        await using var visit = await house.VisitAsync(Visitor.Stranger, Look.Desktop);
        await visit.GoAsync("/sign-in");
        await visit.AssertAccessibleAsync();
        await visit.Page.EvaluateAsync($"() => {{ {script}; }}");
        var found = await Assert.ThrowsAnyAsync<XunitException>(visit.AssertAccessibleAsync);
        Assert.Contains(fault, found.Message, StringComparison.Ordinal);
    }
}
