using System.Globalization;
using System.Text;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Claims.Postures.Reading;
using Xunit;

namespace Vouchsafe.Claims.Tests.Postures;

/// <summary>What is wrong with a posture is told by kind, line and column, all of it at once, and nothing is used of it.</summary>
public sealed class PostureErrors
{
    [Fact]
    public void The_small_posture_is_good()
    {
        var posture = PostureFile.Parse(SmallPosture.Text);
        Assert.Equal("At most 6 attempts in 1\u00a0minute.", posture.Claim("SM-01")!.Text("en"));
        Assert.Equal(TimeSpan.FromMinutes(10), posture.Figures("sessions.jwt-lifetime").Duration("lifetime"));
        Assert.Equal("We no longer do.", posture.Claim("SM-02")!.Withdrawn!.Reason("en"));
        Assert.Equal(["limits.sign-in"], posture.Controls);
    }

    [Theory]
    [InlineData("attempts: 6", "attempts: 0", PostureFault.FigureOutOfBounds, 17, 35)]
    [InlineData("attempts: 6", "attempts: \"6\"", PostureFault.FigureOutOfBounds, 17, 35)]
    [InlineData("attempts: 6", "attempts: 06", PostureFault.FigureOutOfBounds, 17, 35)]
    [InlineData("attempts: 6", "attempts: [6]", PostureFault.FigureOutOfBounds, 17, 35)]
    [InlineData("attempts: 6", "tries: 6", PostureFault.UnknownFigure, 17, 25)]
    [InlineData("window: 1m", "window: 1 m", PostureFault.FigureOutOfBounds, 17, 46)]
    [InlineData("      limits.sign-in: {", "      limits.signin: {", PostureFault.UnknownControl, 17, 7)]
    [InlineData("kind: enforced", "kind: hoped", PostureFault.InvalidValue, 11, 11)]
    [InlineData("id: SM-02", "id: SM-01", PostureFault.DuplicateClaim, 18, 9)]
    [InlineData("id: SM-01", "id: one", PostureFault.InvalidValue, 10, 9)]
    [InlineData("languages: [en, fr]", "languages: [en, fr, tlh]", PostureFault.InvalidValue, 8, 21)]
    [InlineData("languages: [en, fr]", "languages: [en, fr, et]", PostureFault.MissingText, 14, 7)]
    [InlineData("languages: [en, fr]", "languages: [en]", PostureFault.UnknownKey, 15, 7)]
    [InlineData("languages: [en, fr]", "languages: []", PostureFault.MissingKey, 8, 12)]
    [InlineData("{limits.sign-in.window}.", "{limits.sign-in.window.", PostureFault.BrokenTemplate, 14, 11)]
    [InlineData("{limits.sign-in.window}.", "{limits.sign-in.width}.", PostureFault.UnknownPlaceholder, 14, 11)]
    [InlineData("country: IE", "country: Ireland", PostureFault.InvalidValue, 6, 12)]
    [InlineData("country: IE", "county: IE", PostureFault.UnknownKey, 6, 3)]
    [InlineData("extends: baseline", "extends: nowhere", PostureFault.UnknownBase, 2, 10)]
    [InlineData("date: 2026-01-31", "date: 2026-02-30", PostureFault.InvalidValue, 23, 24)]
    [InlineData("lifetime: 10m", "lifetime: &a 10m", PostureFault.AliasRefused, 25, 38)]
    [InlineData("lifetime: 10m", "lifetime: !!str 10m", PostureFault.TagRefused, 25, 38)]
    [InlineData("lifetime: 10m", "lifetime: 10m, lifetime: 10m", PostureFault.DuplicateKey, 25, 43)]
    [InlineData("posture: small", "posture: small\nposture: small", PostureFault.DuplicateKey, 2, 1)]
    [InlineData("settings:", "settings: [", PostureFault.Syntax, 0, 0)]
    [InlineData("posture: small", "- posture", PostureFault.Syntax, 0, 0)]
    [InlineData("country: IE", "country: ZZ", PostureFault.InvalidValue, 6, 12)]
    [InlineData("country: IE", "country: EU", PostureFault.InvalidValue, 6, 12)]
    [InlineData("security: security@small.example", "security: nobody", PostureFault.InvalidValue, 7, 25)]
    [InlineData("security: security@small.example", "security: security@localhost", PostureFault.InvalidValue, 7, 25)]
    [InlineData("security: security@small.example", "security: \"a b@small.example\"", PostureFault.InvalidValue, 7, 25)]
    [InlineData("security: security@small.example", "security: \"a@b@small.example\"", PostureFault.InvalidValue, 7, 25)]
    [InlineData("security: security@small.example", "security: http://small.example/contact", PostureFault.InvalidValue, 7, 25)]
    [InlineData("security: security@small.example", "security: https://user:secret@small.example/", PostureFault.InvalidValue, 7, 25)]
    [InlineData("contacts: { security: security@small.example }", "contacts: {}", PostureFault.MissingKey, 7, 13)]
    [InlineData(", window: 1m, ipv6-prefix: 64", ", window: 1m", PostureFault.MissingFigure, 17, 7)]
    [InlineData("{ attempts: 6, window: 1m, ipv6-prefix: 64 }", "{}", PostureFault.MissingFigure, 14, 11)]
    [InlineData("name: Small Ltd", "name: \"\u200b\"", PostureFault.InvalidValue, 4, 9)]
    [InlineData("name: Small Ltd", "name: \"Small \u202edtL\"", PostureFault.InvalidValue, 4, 9)]
    [InlineData("en: \"We told you.\"", "en: \"...\"", PostureFault.InvalidValue, 21, 17)]
    [InlineData("withdrawn: {", "since: 2026-02-01\n    withdrawn: {", PostureFault.Contradiction, 24, 16)]
    [InlineData("date: 2026-01-31", "date: 0001-01-31", PostureFault.InvalidValue, 23, 24)]
    [InlineData("en: \"We no longer do.\"", "en: \"No more {trust-pages.measures.page}.\"", PostureFault.UnknownPlaceholder, 0, 0)]
    public void Each_error_has_its_kind_line_and_column(string good, string bad, PostureFault fault, int line, int column)
    {
        Assert.Contains(good, SmallPosture.Text, StringComparison.Ordinal);
        var at = SmallPosture.Text.IndexOf(good, StringComparison.Ordinal);
        var broken = Assert.Throws<PostureException>(() => PostureFile.Parse(SmallPosture.Text[..at] + bad + SmallPosture.Text[(at + good.Length)..], "small.yaml"));
        var error = broken.Errors.First(error => error.Fault == fault);
        if (line > 0) Assert.Equal((line, column), (error.Line, error.Column));
        Assert.StartsWith($"small.yaml:{error.Line}:{error.Column}: ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_figure_that_two_claims_give_differently_is_a_contradiction()
    {
        var text = SmallPosture.Text.Replace("settings:\n", "settings:\n  limits.sign-in: { attempts: 7 }\n", StringComparison.Ordinal);
        var error = Assert.Single(Assert.Throws<PostureException>(() => PostureFile.Parse(text)).Errors);
        Assert.Equal(PostureFault.Contradiction, error.Fault);
        Assert.Contains("SM-01", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_figure_stands_once_even_where_both_agree()
    {
        var text = SmallPosture.Text.Replace("settings:\n", "settings:\n  limits.sign-in: { attempts: 6 }\n", StringComparison.Ordinal);
        Assert.Equal(PostureFault.FigureTwice, Assert.Single(Assert.Throws<PostureException>(() => PostureFile.Parse(text)).Errors).Fault);
    }

    [Fact]
    public void All_errors_come_at_once_in_the_order_of_the_file()
    {
        var text = SmallPosture.Text.Replace("attempts: 6", "attempts: 0", StringComparison.Ordinal).Replace("country: IE", "country: ie", StringComparison.Ordinal).Replace("lifetime: 10m", "lifetime: never", StringComparison.Ordinal);
        var errors = Assert.Throws<PostureException>(() => PostureFile.Parse(text)).Errors;
        Assert.Equal([6, 17, 25], errors.Select(error => error.Line));
    }

    [Fact]
    public void A_document_beyond_the_bounds_is_refused_before_it_costs_anything()
    {
        Refused(PostureFault.TooLarge, new string('#', 600 * 1024));
        Refused(PostureFault.TooDeep, "posture: " + new string('[', 400) + new string(']', 400));
        Refused(PostureFault.TooLarge, "posture: [" + string.Join(',', Enumerable.Repeat("a", 30_000)) + "]");
        Refused(PostureFault.TooLarge, "posture: " + new string('a', 5_000));
        Refused(PostureFault.SeveralDocuments, SmallPosture.Text + "\n---\nposture: other\n");
        Refused(PostureFault.MissingKey, "");
    }

    [Fact]
    public void What_is_not_text_is_told_by_its_line()
    {
        var bytes = Encoding.UTF8.GetBytes(SmallPosture.Text);
        bytes[Array.IndexOf(bytes, (byte)'\n') + 3] = 0xff;
        var error = Assert.Single(Assert.Throws<PostureException>(() => PostureFile.Read(bytes, "small.yaml", _ => null)).Errors);
        Assert.Equal((PostureFault.Encoding, 2), (error.Fault, error.Line));
    }

    [Fact]
    public void A_file_that_is_not_there_is_told()
    {
        var error = Assert.Single(Assert.Throws<PostureException>(() => PostureFile.Load("no-such-posture.yaml")).Errors);
        Assert.Equal(PostureFault.Unreadable, error.Fault);
    }

    [Fact]
    public void An_error_shows_no_control_characters_of_the_file()
    {
        var text = SmallPosture.Text.Replace("      limits.sign-in: {", "      \"limits.\\e[31m\": {", StringComparison.Ordinal);
        var broken = Assert.Throws<PostureException>(() => PostureFile.Parse(text));
        Assert.DoesNotContain('\u001b', broken.Message);
    }

    [Fact]
    public void A_posture_that_promises_nothing_is_refused()
    {
        var from = SmallPosture.Text.IndexOf("claims:", StringComparison.Ordinal);
        var to = SmallPosture.Text.IndexOf("settings:", StringComparison.Ordinal);
        Refused(PostureFault.NoClaims, SmallPosture.Text[..from] + "claims: []\n" + SmallPosture.Text[to..]);
    }

    [Fact]
    public void The_countries_are_those_of_the_standard()
    {
        // ISO 3166-1:2020 assigns 249 codes; XK is added.
        Assert.Equal(250, CountryCodes.Count);
        Assert.All(new[] { "EE", "FR", "UA", "ES", "IE", "XK" }, code => Assert.True(CountryCodes.Contains(code)));
        Assert.All(new[] { "ZZ", "XX", "EU", "UK", "AA", "SU" }, code => Assert.False(CountryCodes.Contains(code)));
    }

    [Theory]
    [InlineData("security@small.example")]
    [InlineData("first.last+tag@mail.small.example")]
    [InlineData("https://small.example/.well-known/security.txt")]
    public void A_contact_is_an_address(string contact) =>
        Assert.Equal(contact, PostureFile.Parse(SmallPosture.Text.Replace("security@small.example", $"\"{contact}\"", StringComparison.Ordinal)).Company.Contact("security"));

    /// <summary>The bounds are written in one way: 0 to 2 sign-in attempts can't be told from 02.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("1000")]
    public void A_whole_number_at_its_bound_is_taken(string number) =>
        Assert.Equal(long.Parse(number, CultureInfo.InvariantCulture), PostureFile.Parse(SmallPosture.Text.Replace("attempts: 6", "attempts: " + number, StringComparison.Ordinal)).Figures("limits.sign-in").Integer("attempts"));

    private static void Refused(PostureFault fault, string text) =>
        Assert.Contains(Assert.Throws<PostureException>(() => PostureFile.Parse(text)).Errors, error => error.Fault == fault);
}
