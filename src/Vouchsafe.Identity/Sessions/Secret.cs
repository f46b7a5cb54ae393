using System.Security.Cryptography;
using Vouchsafe.Identity.Tokens;

namespace Vouchsafe.Identity.Sessions;

/// <summary>A secret of 256 bits that a client holds; the database holds its SHA-256, which opens nothing.</summary>
internal sealed class Secret
{
    private const int Size = 32;
    private const int TextLength = 43;

    private Secret(byte[] bytes)
    {
        Text = Base64UrlText.Encode(bytes);
        Hash = SHA256.HashData(bytes);
    }

    public string Text { get; }

    public byte[] Hash { get; }

    public static Secret Generate() => new(RandomNumberGenerator.GetBytes(Size));

    public static Secret? Parse(string? text) =>
        text is { Length: TextLength } && Base64UrlText.Decode(text) is { Length: Size } bytes ? new Secret(bytes) : null;

    public override string ToString() => "secret";
}
