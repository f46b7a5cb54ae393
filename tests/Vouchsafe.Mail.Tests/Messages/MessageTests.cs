using Xunit;

namespace Vouchsafe.Mail.Tests.Messages;

public sealed class MessageTests
{
    [Theory]
    [InlineData("a@b.example\r\nBcc: all@b.example")]
    [InlineData("a@b.example\nBcc: all@b.example")]
    [InlineData("a\r\n@b.example")]
    [InlineData("a@b.example, c@d.example")]
    [InlineData("a@b.example> SIZE=1")]
    [InlineData("<a@b.example>")]
    [InlineData("Mari <a@b.example>")]
    [InlineData("\"a b\"@c.example")]
    [InlineData("a@[127.0.0.1]")]
    [InlineData("a@b@c.example")]
    [InlineData("a..b@c.example")]
    [InlineData(".a@c.example")]
    [InlineData("a@b..example")]
    [InlineData("a@-b.example")]
    [InlineData("a b@c.example")]
    [InlineData("a\u202e@c.example")]
    [InlineData("a\0@c.example")]
    [InlineData("@c.example")]
    [InlineData("a@")]
    [InlineData("")]
    [InlineData(null)]
    public void An_address_that_is_not_one_plain_address_is_refused(string? to) =>
        Assert.Throws<InvalidMailException>(() => new MailMessage(to!, "Subject", "Text").Validate());

    [Theory]
    [InlineData("mari@tamm.example", "mari@tamm.example")]
    [InlineData("Mari.O'Neil+orders@Tamm.EXAMPLE", "Mari.O'Neil+orders@tamm.example")]
    [InlineData("mari@põder.example", "mari@xn--pder-0qa.example")]
    [InlineData("mõmm@tamm.example", "mõmm@tamm.example")]
    public void A_plain_address_is_taken_with_its_domain_in_ascii(string to, string value) =>
        Assert.Equal(value, new MailMessage(to, "Subject", "Text").Validate().Value);

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("a\r\nBcc: all@b.example")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\0b")]
    public void A_subject_that_is_not_one_line_is_refused(string subject) =>
        Assert.Throws<InvalidMailException>(() => new MailMessage("a@b.example", subject, "Text").Validate());

    [Fact]
    public void A_message_is_bounded_and_does_not_print_itself()
    {
        Assert.Throws<InvalidMailException>(() => new MailMessage("a@b.example", new string('s', 201), "Text").Validate());
        Assert.Throws<InvalidMailException>(() => new MailMessage("a@b.example", "Subject", new string('t', MailMessage.MaxBody + 1)).Validate());
        Assert.Throws<InvalidMailException>(() => new MailMessage("a@b.example", "Subject", "").Validate());
        Assert.Throws<InvalidMailException>(() => new MailMessage("a@b.example", "Subject", "a\0b").Validate());
        Assert.Throws<InvalidMailException>(() => new MailMessage("a@b.example", "Sub\ud800ject", "Text").Validate());
        Assert.Throws<InvalidMailException>(() => new MailMessage("a\ud800@b.example", "Subject", "Text").Validate());
        Assert.DoesNotContain("b.example", $"{new MailMessage("a@b.example", "Subject", "Text")}", StringComparison.Ordinal);
    }
}
