using Vouchsafe.Identity.Passwords;
using Xunit;

namespace Vouchsafe.Identity.Tests.Passwords;

public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("correct horse battery", true)]
    [InlineData("try-vouchsafe-today", true)]
    [InlineData("zuverlässig", true)]
    [InlineData("пароль-мій-12", true)]
    [InlineData("1234567", false)]
    [InlineData("        ", false)]
    [InlineData("\t\t\t\t\t\t\t\t\t", false)]
    [InlineData("\u00a0\u2003\u3000\u00a0\u2003\u3000\u00a0\u2003", false)]
    [InlineData("password", false)]
    [InlineData("PassWord", false)]
    [InlineData("ｐａｓｓｗｏｒｄ", false)] // full width: NFKC makes it the same
    [InlineData(" password ", false)]
    [InlineData("12345678", false)]
    [InlineData("qwertyuiop", false)]
    [InlineData("😀😀😀😀", false)] // four code points, eight code units
    public void A_password_is_long_enough_no_blank_and_none_of_the_commonest(string password, bool accepted) => Assert.Equal(accepted, PasswordRules.Accepts(password));

    [Fact]
    public void Length_is_counted_after_normalisation_and_bounded_before()
    {
        Assert.False(PasswordRules.Accepts("a\u0301b\u0301c\u0301d\u0301")); // eight code units, four letters
        Assert.True(PasswordRules.Accepts(string.Concat(Enumerable.Repeat("ab", 512))));
        Assert.False(PasswordRules.Accepts(string.Concat(Enumerable.Repeat("ab", 512)) + "a"));
        Assert.False(PasswordRules.Accepts(new string('\ud800', 7)));
    }

    [Fact]
    public void One_spelling_verifies_the_other()
    {
        var hasher = new PasswordHasher(new PasswordOptions(new Cryptography.Passwords.PasswordHashOptions(1000, 32, 32)));
        Assert.Equal(PasswordVerdict.Right, hasher.Verify("zuverla\u0308ssig", hasher.Hash("zuverl\u00e4ssig")));
    }

    [Theory]
    [InlineData("", "required")]
    [InlineData("short", "too-short")]
    [InlineData("          ", "form")]
    [InlineData("password123", "too-common")]
    public void Why_a_password_is_refused_has_a_code(string password, string code) => Assert.Equal(code, PasswordRules.ProblemOf(password)!.Code);

    [Fact]
    public void A_password_that_can_be_chosen_has_no_problem()
    {
        Assert.Null(PasswordRules.ProblemOf("correct horse battery"));
        Assert.Equal("too-long", PasswordRules.ProblemOf(new string('x', 1025))!.Code);
    }
}
