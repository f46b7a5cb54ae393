using System.Text.Json;
using Vouchsafe.Identity.Tokens;
using Vouchsafe.Testing.Vectors;
using Xunit;

namespace Vouchsafe.Identity.Tests.Tokens;

/// <summary>Project Wycheproof's vectors for JWS with HMAC-SHA256.</summary>
public sealed class WycheproofVectors
{
    private const string File = "wycheproof/json_web_signature_test.json";

    /// <summary>Valid by the vectors for a reader that skips a "?" between base64url characters; RFC 7515 §2 has no such character, and we don't.</summary>
    private static readonly int[] StricterHere = [372, 373];

    /// <summary>Invalid by the vectors for a padding that their text lost: character for character they are vector 357, which is valid.</summary>
    private static readonly int[] SameAsValid = [367, 370];

    [Fact]
    public void Each_vector_of_HS256_has_the_outcome_that_it_should()
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllBytes(TestVectors.PathOf(File)));
        var seen = 0;
        var wrong = new List<string>();
        var valid = "";
        foreach (var group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            if (!group.TryGetProperty("private", out var key) || key.GetProperty("kty").GetString() != "oct" || key.GetProperty("alg").GetString() != "HS256") continue;
            var secret = Base64UrlText.Decode(key.GetProperty("k").GetString())!;
            var id = key.GetProperty("kid").GetString();
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                seen++;
                var number = test.GetProperty("tcId").GetInt32();
                var expected = test.GetProperty("result").GetString() == "valid" && !StricterHere.Contains(number);
                var jws = test.GetProperty("jws");
                var text = jws.ValueKind == JsonValueKind.String ? jws.GetString()! : jws.GetRawText();
                if (number == 357) valid = text;
                if (SameAsValid.Contains(number))
                {
                    Assert.Equal(valid, text);
                    continue;
                }
                if (CompactJws.Open(text, typed: false, asked => asked == id ? secret : null) is not null != expected)
                    wrong.Add($"{number} {test.GetProperty("comment").GetString()}");
            }
        }
        Assert.True(seen >= 40, $"only {seen} vectors of HS256 were found");
        Assert.Empty(wrong);
    }

    [Fact]
    public void No_vector_of_another_algorithm_is_taken()
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllBytes(TestVectors.PathOf(File)));
        var secret = new byte[32];
        var seen = 0;
        foreach (var group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            if (group.TryGetProperty("private", out var key) && key.GetProperty("kty").GetString() == "oct" && key.GetProperty("alg").GetString() == "HS256") continue;
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                var jws = test.GetProperty("jws");
                if (jws.ValueKind != JsonValueKind.String) continue;
                seen++;
                Assert.Null(CompactJws.Open(jws.GetString()!, typed: false, _ => secret));
            }
        }
        Assert.True(seen > 100, $"only {seen} vectors of other algorithms were found");
    }
}
