namespace Vouchsafe.Cryptography.Sealing;

/// <summary>A sealed value can't be opened. Nothing of its content is known or told.</summary>
public sealed class SealException(SealFault fault) : Exception(fault switch
{
    SealFault.Malformed => "The sealed value is too short, too long or of an unknown version.",
    SealFault.WrongKey => "The sealed value belongs to another key.",
    _ => "The sealed value was altered, or moved from where it belongs.",
})
{
    public SealFault Fault { get; } = fault;
}

public enum SealFault
{
    /// <summary>No sealed value of a known version.</summary>
    Malformed,

    /// <summary>The key id or the key commitment names another key.</summary>
    WrongKey,

    /// <summary>Ciphertext, tag, nonce or associated data differ from what was sealed.</summary>
    Altered,
}
