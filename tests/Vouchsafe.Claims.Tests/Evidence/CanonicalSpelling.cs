using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Vouchsafe.Claims.Evidence;
using Xunit;

namespace Vouchsafe.Claims.Tests.Evidence;

/// <summary>RFC 8785, as far as documents with whole numbers go.</summary>
public sealed class CanonicalSpelling
{
    /// <summary>The strings and the order of RFC 8785, sections 3.2.2 and 3.2.3; numbers that are whole in place of its fractions.</summary>
    [Fact]
    public void The_examples_of_the_standard_are_spelled_as_it_says()
    {
        var strings = JsonNode.Parse("""{"string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}""");
        Assert.Equal("{\"literals\":[null,true,false],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}", CanonicalJson.Text(strings));
        var order = JsonNode.Parse("""{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}""");
        Assert.Equal("{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"\ud83d\ude00\":5,\"\ufb33\":3}", CanonicalJson.Text(order));
    }

    [Fact]
    public void Any_strings_read_back_and_have_one_spelling() =>
        Prop.ForAll<string[]>(words =>
        {
            var valid = words.Select(word => new string([.. (word ?? "").Where(letter => !char.IsSurrogate(letter))])).ToList();
            var list = new JsonArray([.. valid.Select(word => (JsonNode)word)]);
            var text = CanonicalJson.Text(list);
            var back = JsonNode.Parse(text)!.AsArray();
            return back.Select(item => item!.GetValue<string>()).SequenceEqual(valid) && CanonicalJson.Text(back) == text;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Theory]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("-9007199254740992")]
    [InlineData("99999999999999999999")]
    public void A_number_that_readers_would_round_is_refused(string number) =>
        Assert.Throws<FormatException>(() => CanonicalJson.Text(JsonNode.Parse(number)));

    [Theory]
    [InlineData("9007199254740991", "9007199254740991")]
    [InlineData("-9007199254740991", "-9007199254740991")]
    [InlineData("-0", "0")]
    public void A_whole_number_is_spelled_in_digits(string number, string spelled) =>
        Assert.Equal(spelled, CanonicalJson.Text(JsonNode.Parse(number)));
}
