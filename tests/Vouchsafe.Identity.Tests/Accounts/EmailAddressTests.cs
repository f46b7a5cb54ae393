using FsCheck;
using FsCheck.Fluent;
using Vouchsafe.Identity.Accounts;
using Xunit;

namespace Vouchsafe.Identity.Tests.Accounts;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData(" Mari.Maasikas@Example.EE ", "mari.maasikas@example.ee")]
    [InlineData("a@b.c", "a@b.c")]
    [InlineData("jõgeva@näide.ee", "jõgeva@xn--nide-loa.ee")]
    [InlineData("jo\u0303geva@example.ee", "jõgeva@example.ee")]
    [InlineData("o'brien+tag@example.org", "o'brien+tag@example.org")]
    public void One_address_has_one_spelling(string typed, string kept) => Assert.Equal(kept, EmailAddress.Parse(typed)?.Value);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("a@")]
    [InlineData("@b.c")]
    [InlineData("a@b@c")]
    [InlineData("a b@c.d")]
    [InlineData("a\n@c.d")]
    [InlineData(".a@c.d")]
    [InlineData("a..b@c.d")]
    [InlineData("\"a\"@c.d")]
    [InlineData("a@b_c.d")]
    [InlineData("a@b..d")]
    [InlineData("a@b.d.")]
    [InlineData("a@-b.d")]
    [InlineData("x\u202e@y.example")] // no mail can be addressed to it
    public void What_is_none_is_refused(string? typed) => Assert.Null(EmailAddress.Parse(typed));

    [Fact]
    public void Half_a_character_is_refused() => Assert.Null(EmailAddress.Parse("\ud800@b.d"));

    [Fact]
    public void Length_is_bounded()
    {
        Assert.NotNull(EmailAddress.Parse(new string('a', 64) + "@b.c"));
        Assert.Null(EmailAddress.Parse(new string('a', 65) + "@b.c"));
        Assert.Null(EmailAddress.Parse("a@" + string.Concat(Enumerable.Repeat("abcdefghi.", 30)) + "c"));
    }

    [Fact]
    public void Any_text_parses_without_an_exception_and_a_kept_spelling_stays() => Prop.ForAll<string?>(text =>
        EmailAddress.Parse(text) is not { } address || EmailAddress.Parse(address.Value) == address).QuickCheckThrowOnFailure();

    [Fact]
    public void An_address_does_not_print_itself() => Assert.DoesNotContain("@", EmailAddress.Parse("a@b.c")!.Value.ToString(), StringComparison.Ordinal);
}
