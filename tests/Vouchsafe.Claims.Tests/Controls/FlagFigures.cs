using Vouchsafe.Claims.Controls;
using Xunit;

namespace Vouchsafe.Claims.Tests.Controls;

/// <summary>A flag is written without quotes, and one that can only be kept in one way takes no other.</summary>
public sealed class FlagFigures
{
    [Theory]
    [InlineData(null, "true", true, true)]
    [InlineData(null, "false", true, false)]
    [InlineData(null, "true", false, null)]
    [InlineData(null, "false", false, null)]
    [InlineData(null, "yes", true, null)]
    [InlineData(null, "True", true, null)]
    [InlineData(true, "true", true, true)]
    [InlineData(true, "false", true, null)]
    [InlineData(true, "true", false, null)]
    [InlineData(false, "false", true, false)]
    [InlineData(false, "true", true, null)]
    public void A_flag_reads_what_it_can_keep(bool? always, string text, bool plain, bool? value) =>
        Assert.Equal(value, (bool?)new FlagFigure("any", "Any.", always).Read(text, plain));

    [Fact]
    public void The_error_says_what_is_taken()
    {
        Assert.Equal("true or false, without quotes", new FlagFigure("any", "Any.").Accepts);
        Assert.Equal("true (nothing else can be kept)", new FlagFigure("any", "Any.", true).Accepts);
        Assert.Equal("false (nothing else can be kept)", new FlagFigure("any", "Any.", false).Accepts);
    }
}
