using System.Text;
using System.Text.Json;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Testing.Vectors;
using Vouchsafe.Transparency.Trees;
using Xunit;

namespace Vouchsafe.Transparency.Tests.Trees;

/// <summary>transparency-dev/merkle's vectors, those that must pass and those that must fail.</summary>
public sealed class MerkleVectorTests
{
    [Theory]
    [InlineData("inclusion", 98)]
    [InlineData("consistency", 98)]
    [InlineData("subtreeinclusion", 204)]
    [InlineData("subtreeconsistency", 118)]
    public void Each_vector_gets_its_verdict(string kind, int least)
    {
        var folder = TestVectors.PathOf($"merkle/testdata/{kind}");
        var ran = 0;
        foreach (var file in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories))
        {
            var vector = JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;
            var wanted = !vector.GetProperty("wantErr").GetBoolean();
            Assert.True(Verdict(kind, vector) == wanted, System.IO.Path.GetRelativePath(folder, file));
            ran++;
        }
        Assert.InRange(ran, least, int.MaxValue);
    }

    private static bool Verdict(string kind, JsonElement vector) => kind switch
    {
        "inclusion" => Proof.VerifyInclusion(
            Number(vector, "leafIdx"), Hash(vector, "leafHash"), new TreeHead(Number(vector, "treeSize"), Hash(vector, "root")), Path(vector)),
        "subtreeinclusion" => Proof.VerifySubtreeInclusion(
            Number(vector, "leafIdx"), Hash(vector, "leafHash"), Number(vector, "start"), Number(vector, "end"), Hash(vector, "root"), Path(vector)),
        "consistency" => Proof.VerifyConsistency(
            new TreeHead(Number(vector, "size1"), Hash(vector, "root1")), new TreeHead(Number(vector, "size2"), Hash(vector, "root2")), Path(vector)),
        _ => Proof.VerifySubtreeConsistency(
            Number(vector, "start"), Number(vector, "end"), Hash(vector, "root1"), new TreeHead(Number(vector, "size"), Hash(vector, "root2")), Path(vector)),
    };

    /// <summary>Numbers above 2^63 − 1 are no sizes of ours: as negative numbers they are refused.</summary>
    private static long Number(JsonElement vector, string name) => unchecked((long)vector.GetProperty(name).GetUInt64());

    private static Digest Hash(JsonElement vector, string name) => Decode(vector.GetProperty(name), name.TrimEnd('1', '2'));

    /// <summary>What isn't 32 bytes long can't be expressed here, and a digest that nothing else has stands in for it. Most such
    /// vectors must fail; sizes-are-equal-one-and-proof-is-empty must pass, since its two short roots are the same.</summary>
    private static Digest Decode(JsonElement text, string role)
    {
        var bytes = text.GetBytesFromBase64();
        return bytes.Length == Digest.Size ? Digest.From(bytes) : Sha256.Hash([.. Encoding.ASCII.GetBytes(role), .. bytes]);
    }

    private static Digest[] Path(JsonElement vector) =>
        vector.GetProperty("proof") is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(hash => Decode(hash, "proof"))] : [];
}
