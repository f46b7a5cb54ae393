using System.Security.Cryptography;
using System.Text;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Cryptography.Sealing;
using Vouchsafe.Testing.Documents;
using Xunit;

namespace Vouchsafe.Cryptography.Tests.Sealing;

/// <summary>The worked example of docs/formats/sealed-value.md, followed by the code and, step by step, by the framework's primitives.</summary>
public sealed class SealedValueDocument
{
    private readonly WorkedExample example = WorkedExample.Of("docs/formats/sealed-value.md");

    [Fact]
    public void The_code_seals_and_opens_it()
    {
        var key = new SecretKey(example.Hex("key"));
        var binding = new AssociatedData(example["format"]).Add(Guid.Parse(example["tenant"])).Add(example["table"]).Add(example["column"]).Add(Guid.Parse(example["row"])).Add(long.Parse(example["key version"]));
        Assert.Equal(example["associated data"], Convert.ToHexStringLower(binding.Bytes));
        var sealedValue = Seal.Protect(key, Encoding.UTF8.GetBytes(example["content"]), binding.Bytes, example.Hex("nonce"));
        Assert.Equal(example["sealed value"], Convert.ToHexStringLower(sealedValue));
        Assert.Equal(example["content"], Encoding.UTF8.GetString(Seal.Open(key, sealedValue, binding)));
    }

    [Fact]
    public void The_steps_of_the_text_lead_to_it()
    {
        var key = example.Hex("key");
        Assert.Equal(example["key id"], Convert.ToHexStringLower(HKDF.Expand(HashAlgorithmName.SHA256, key, 8, "vouchsafe/key-id/v1"u8.ToArray())));
        var keys = HKDF.Expand(HashAlgorithmName.SHA256, key, 64, [.. "vouchsafe/seal/v1"u8, .. example.Hex("nonce")]);
        Assert.Equal(example["message key"], Convert.ToHexStringLower(keys[..32]));
        Assert.Equal(example["commitment"], Convert.ToHexStringLower(keys[32..]));
        var content = Encoding.UTF8.GetBytes(example["content"]);
        var ciphertext = new byte[content.Length];
        var tag = new byte[16];
        using (var cipher = new AesGcm(keys[..32], 16)) cipher.Encrypt(new byte[12], content, ciphertext, tag, example.Hex("associated data"));
        Assert.Equal(example["ciphertext"], Convert.ToHexStringLower(ciphertext));
        Assert.Equal(example["tag"], Convert.ToHexStringLower(tag));
        Assert.Equal(example["sealed value"], "01" + example["key id"] + example["nonce"] + example["commitment"] + example["ciphertext"] + example["tag"]);
    }
}
