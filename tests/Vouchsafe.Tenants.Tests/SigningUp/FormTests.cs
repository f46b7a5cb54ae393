using FsCheck;
using FsCheck.Fluent;
using Vouchsafe.Tenants.SigningUp;
using Xunit;

namespace Vouchsafe.Tenants.Tests.SigningUp;

/// <summary>What a sign-up's fields must be, without a server.</summary>
public sealed class FormTests
{
    private static readonly SignUpRequest Sound = new("acme-eu", "Acme Europe OÜ", "12345678", "Pikk 1, Tallinn", "EE", "anna@acme.example");

    [Theory]
    [InlineData("acme", "acme")]
    [InlineData("  Acme-EU  ", "acme-eu")]
    [InlineData("a1b", "a1b")]
    [InlineData("abcdefghijklmnopqrstuvwxyz012345", "abcdefghijklmnopqrstuvwxyz012345")]
    [InlineData("ab", null)]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456", null)]
    [InlineData("1abc", null)]
    [InlineData("-abc", null)]
    [InlineData("abc-", null)]
    [InlineData("a_c", null)]
    [InlineData("a c", null)]
    [InlineData("abc\n", "abc")]
    [InlineData("ab\nc", null)]
    [InlineData("açaí", null)]
    [InlineData("аcme", null)] // a Cyrillic а
    [InlineData("platform", null)]
    [InlineData("PLATFORM", null)]
    [InlineData("system", null)]
    [InlineData("admin", null)]
    [InlineData("api", null)]
    [InlineData("www", null)]
    [InlineData("trust", null)]
    [InlineData("", null)]
    public void A_code_has_one_spelling_or_none(string text, string? code) => Assert.Equal(code, TenantCode.Parse(text));

    [Fact]
    public void Whatever_is_typed_a_code_parses_to_itself_or_not_at_all() => Prop.ForAll<string?>(text =>
    {
        var code = TenantCode.Parse(text ?? "");
        return code is null || (TenantCode.Parse(code) == code && code.Length is >= 3 and <= 32 && code.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-'));
    }).QuickCheckThrowOnFailure();

    /// <summary>The name stands at the head of mails to people who never heard of the company.</summary>
    [Theory]
    [InlineData("Acme Europe OÜ", true)]
    [InlineData("A & B (Holdings), Ltd.", true)]
    [InlineData("Dear user,\n\npay here", false)]
    [InlineData("Acme\r\nX", false)]
    [InlineData("Pay at https://evil.example/pay", false)]
    [InlineData("Pay at WWW.evil.example", false)]
    [InlineData("Acme\u202eX", false)]
    [InlineData("Acme\u2028X", false)]
    public void A_legal_name_is_one_line_without_a_web_address(string name, bool holds)
    {
        var rule = new CompanyRules().All.Single(rule => rule.Field == "legalName");
        Assert.Equal(holds, rule.ProblemOf(CompanyRules.Normalise(name, "12345678", "Pikk 1, Tallinn", "EE")) is null);
    }

    [Fact]
    public void A_company_that_was_normalised_stays_as_it_is() => Prop.ForAll<string?, string?, string?>((name, registration, country) =>
    {
        var once = CompanyRules.Normalise(name, registration, name, country);
        return CompanyRules.Normalise(once.LegalName, once.RegistrationNumber, once.Address, once.Country) == once;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("1234 5678", "12345678")]
    [InlineData("HRB-12345", "HRB12345")]
    [InlineData("123.456.789/0001", "1234567890001")]
    [InlineData(" ab12 ", "AB12")]
    public void A_registration_has_one_spelling(string text, string number) => Assert.Equal(number, CompanyRules.Normalise("x", text, "y", "ee").RegistrationNumber);

    [Fact]
    public void A_sound_form_is_accepted()
    {
        var (form, errors) = SignUpForm.Check(Sound, new CompanyRules());
        Assert.Empty(errors);
        Assert.Equal("acme-eu", form!.Code);
        Assert.DoesNotContain("acme", Sound.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_form_is_told_every_field_at_once()
    {
        var (form, errors) = SignUpForm.Check(new SignUpRequest(), new CompanyRules());
        Assert.Null(form);
        Assert.Equal(["address", "code", "country", "email", "legalName", "registrationNumber"], errors.Keys.Order(StringComparer.Ordinal));
    }

    public static TheoryData<string, string, SignUpRequest> Faults => new()
    {
        { "code", "form", Sound with { Code = "x" } },
        { "code", "taken", Sound with { Code = "Admin" } },
        { "code", "required", Sound with { Code = " " } },
        { "legalName", "required", Sound with { LegalName = " \t " } },
        { "legalName", "too-long", Sound with { LegalName = new string('a', 201) } },
        { "legalName", "form", Sound with { LegalName = "Acme\u0007" } },
        { "registrationNumber", "form", Sound with { RegistrationNumber = "1" } },
        { "registrationNumber", "too-long", Sound with { RegistrationNumber = new string('1', 33) } },
        { "registrationNumber", "form", Sound with { RegistrationNumber = "12#34" } },
        { "address", "required", Sound with { Address = "" } },
        { "address", "too-long", Sound with { Address = new string('a', 501) } },
        { "country", "form", Sound with { Country = "XX" } },
        { "country", "form", Sound with { Country = "ZZ" } },
        { "country", "too-long", Sound with { Country = "EST" } },
        { "country", "required", Sound with { Country = null } },
        { "email", "form", Sound with { Email = "anna" } },
        { "email", "required", Sound with { Email = "" } },
    };

    [Theory, MemberData(nameof(Faults))]
    public void A_field_that_cant_be_is_named_with_its_code_and_no_other(string field, string code, SignUpRequest request)
    {
        var (form, errors) = SignUpForm.Check(request, new CompanyRules());
        Assert.Null(form);
        var (name, problem) = Assert.Single(errors);
        Assert.Equal((field, code), (name, problem.Code));
    }

    [Theory]
    [InlineData("EE")]
    [InlineData("AQ")]
    [InlineData("SS")]
    public void Each_country_of_the_standard_is_taken(string country)
    {
        Assert.Equal(249, CountryCode.All.Count);
        Assert.NotNull(SignUpForm.Check(Sound with { Country = country }, new CompanyRules()).Form);
    }
}
