using System.Text.Json;
using Vouchsafe.Testing.Vectors;
using Xunit;

namespace Vouchsafe.Cryptography.Tests;

/// <summary>Reads a wycheproof file: each test with its group.</summary>
internal static class Wycheproof
{
    public static List<(JsonElement Group, JsonElement Test)> Read(string file)
    {
        var root = JsonDocument.Parse(File.ReadAllBytes(TestVectors.PathOf($"wycheproof/{file}"))).RootElement;
        var tests = (from gr in root.GetProperty("testGroups").EnumerateArray()
                     from test in gr.GetProperty("tests").EnumerateArray()
                     select (gr, test)).ToList();
        Assert.Equal(root.GetProperty("numberOfTests").GetInt32(), tests.Count);
        return tests;
    }

    public static byte[] Hex(this JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);

    public static bool IsValid(this JsonElement test) => test.GetProperty("result").GetString() == "valid";

    public static int Id(this JsonElement test) => test.GetProperty("tcId").GetInt32();
}
