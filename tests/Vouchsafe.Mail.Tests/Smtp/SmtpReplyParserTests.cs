using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vouchsafe.Mail.Smtp;
using Xunit;

namespace Vouchsafe.Mail.Tests.Smtp;

public sealed class SmtpReplyParserTests
{
    [Fact]
    public void Whatever_arrives_is_a_reply_or_an_unfinished_one_or_refused() =>
        Prop.ForAll(Wire(), bytes =>
        {
            try
            {
                return SmtpReplyParser.Parse(bytes) is not { } parsed
                    ? bytes.Length < SmtpReplyParser.MaxReply
                    : parsed.Consumed <= bytes.Length && parsed.Reply.Code is >= 200 and < 600 && parsed.Reply.Lines.Count is > 0 and <= SmtpReplyParser.MaxLines
                        && bytes[parsed.Consumed - 1] == '\n' && parsed.Reply.Lines.All(line => !line.Contains('\r') && !line.Contains('\n'));
            }
            catch (SmtpProtocolException)
            {
                return true;
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void How_bytes_were_cut_on_the_way_changes_nothing() =>
        Prop.ForAll(Wire(), bytes =>
        {
            var whole = Outcome(bytes);
            // The first prefix that says something says what the whole says.
            for (var length = 0; length <= bytes.Length; length++)
                if (Outcome(bytes[..length]) is { } early)
                    return early == whole;
            return whole is null;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_reply_that_is_written_is_read() =>
        Prop.ForAll(Replies(), reply =>
        {
            var text = string.Concat(reply.Lines.Select((line, n) => $"{reply.Code}{(n < reply.Lines.Count - 1 ? '-' : ' ')}{line}\r\n"));
            var parsed = SmtpReplyParser.Parse(Encoding.UTF8.GetBytes(text + "250 next\r\n"));
            return parsed is { } read && read.Reply.Code == reply.Code && read.Reply.Lines.SequenceEqual(reply.Lines) && read.Consumed == Encoding.UTF8.GetByteCount(text);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("250\r\n", 250)]
    [InlineData("250 \r\n", 250)]
    [InlineData("250-\r\n250\r\n", 250)]
    [InlineData("599 x\r\n", 599)]
    public void The_shortest_forms_are_read(string text, int code) => Assert.Equal(code, SmtpReplyParser.Parse(Encoding.ASCII.GetBytes(text))!.Value.Reply.Code);

    [Theory]
    [InlineData("25\r\n")]
    [InlineData("150 x\r\n")]
    [InlineData("600 x\r\n")]
    [InlineData("2a0 x\r\n")]
    [InlineData("250x\r\n")]
    [InlineData("250 x\n")]
    [InlineData("250 a\rb\r\n")]
    [InlineData("250-a\r\n251 b\r\n")]
    [InlineData(" 250 a\r\n")]
    public void What_the_standard_does_not_write_is_refused(string text) =>
        Assert.Throws<SmtpProtocolException>(() => SmtpReplyParser.Parse(Encoding.ASCII.GetBytes(text)));

    private static string? Outcome(byte[] bytes)
    {
        try
        {
            return SmtpReplyParser.Parse(bytes) is { } parsed ? $"{parsed.Consumed} {parsed.Reply.Code} {string.Join("|", parsed.Reply.Lines)}" : null;
        }
        catch (SmtpProtocolException)
        {
            return "refused";
        }
    }

    /// <summary>Rubbish that looks like replies often enough to get past the first byte.</summary>
    private static Arbitrary<byte[]> Wire() =>
        Gen.OneOf(
                Gen.Elements("250-", "250 ", "354 ", "5.1.1 ", "\r\n", "\r\n", "\r\n", "\n", "\r", "ok", "2", "\0", "599-", new string('a', 600)).Select(Encoding.ASCII.GetBytes),
                ArbMap.Default.GeneratorFor<byte>().Select(value => new[] { value }))
            .ListOf().Select(parts => parts.SelectMany(part => part).ToArray()).ToArbitrary();

    private static Arbitrary<SmtpReply> Replies() =>
        (from code in Gen.Choose(200, 599)
         from lines in Gen.Elements("", "ok", "5.1.1 no such user", "õ 🎈", "a-b", "\t tab").NonEmptyListOf()
         select new SmtpReply(code, [.. lines.Take(SmtpReplyParser.MaxLines)])).ToArbitrary();
}
