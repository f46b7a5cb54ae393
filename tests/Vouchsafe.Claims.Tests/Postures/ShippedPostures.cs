using Vouchsafe.Claims.Controls;
using Vouchsafe.Claims.Postures;
using Xunit;

namespace Vouchsafe.Claims.Tests.Postures;

/// <summary>The four postures in postures/: complete, with every claim of their company, in its languages.</summary>
public sealed class ShippedPostures
{
    [Theory]
    [InlineData("apower-flex", "en,et", "AF:26,AD:20")]
    [InlineData("apshan", "en,fr", "AP:28")]
    [InlineData("clientflow", "en,uk", "CF:26")]
    [InlineData("fluxi", "en,es", "FX:21")]
    public void Each_holds_every_claim_of_its_company(string name, string languages, string series)
    {
        var posture = Load(name);
        Assert.Equal(name, posture.Name);
        Assert.Equal(languages.Split(','), posture.Languages);
        var expected = series.Split(',').Select(part => part.Split(':'))
            .SelectMany(part => Enumerable.Range(1, int.Parse(part[1])).Select(number => $"{part[0]}-{number:00}"));
        Assert.Equal(expected, posture.Claims.Select(claim => claim.Id));
    }

    [Theory]
    [InlineData("apower-flex")]
    [InlineData("apshan")]
    [InlineData("clientflow")]
    [InlineData("fluxi")]
    public void Each_text_is_said_in_each_language_without_braces_left(string name)
    {
        var posture = Load(name);
        foreach (var claim in posture.Claims)
        {
            var texts = posture.Languages.Select(claim.Text).ToList();
            Assert.Equal(texts.Count, texts.Distinct().Count());
            Assert.All(texts, text => Assert.DoesNotContain('{', text));
        }
    }

    [Theory]
    [InlineData("apower-flex")]
    [InlineData("apshan")]
    [InlineData("clientflow")]
    [InlineData("fluxi")]
    public void Each_gives_every_figure_of_every_built_control(string name)
    {
        var posture = Load(name);
        foreach (var control in ControlCatalogue.All.Where(control => control.Stage == Stage.Built && control.Figures.Count > 0))
            Assert.All(control.Figures, figure => Assert.True(posture.Figures(control.Id).Has(figure.Name), $"{control.Id}.{figure.Name}"));
    }

    [Fact]
    public void Figures_are_those_that_the_company_promised()
    {
        var flex = Load("apower-flex");
        Assert.Equal(6, flex.Figures("limits.sign-in").Integer("attempts"));
        Assert.Equal(TimeSpan.FromMinutes(1), flex.Figures("limits.sign-in").Duration("window"));
        Assert.Equal(["1.2", "1.3"], flex.Figures("transport.tls").Choices("versions"));
        Assert.Equal(308, flex.Figures("transport.redirect").Integer("status"));
        Assert.True(flex.Figures("transport.hsts").Flag("preload"));
        Assert.Equal("DENY", flex.Figures("web.headers").Choice("frame-options"));
        Assert.Equal(TimeSpan.FromDays(14), flex.Figures("subscription.trial").Duration("length"));
        Assert.Equal(["1.3"], Load("clientflow").Figures("transport.tls").Choices("versions"));
        Assert.Equal(TimeSpan.FromMinutes(15), Load("clientflow").Figures("sessions.jwt-lifetime").Duration("lifetime"));
    }

    [Fact]
    public void A_figure_reads_as_a_person_writes_it()
    {
        Assert.Equal("From one address 6 attempts to sign in are let through per 1\u00a0minute.", Load("apower-flex").Claim("AF-16")!.Text("en"));
        Assert.Contains("100,000 iterations", Load("apower-flex").Claim("AF-07")!.Text("en"), StringComparison.Ordinal);
        Assert.Contains("15\u00a0хвилин", Load("clientflow").Claim("CF-05")!.Text("uk"), StringComparison.Ordinal);
    }

    internal static Posture Load(string name) => PostureFile.Load(RepositoryRoot.File("postures", name + ".yaml"));
}
