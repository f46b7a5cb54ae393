using System.Security.Cryptography;

namespace Vouchsafe.Cryptography.Sealing;

/// <summary>Random bytes drawn in one call and handed out once each: a draw costs a microsecond, however few bytes it brings.</summary>
/// <remarks>On the stack and short-lived, so that nothing is left over for a copy of the process to use again.</remarks>
public ref struct FreshBytes
{
    private ReadOnlySpan<byte> left;

    /// <param name="buffer">Where they are kept; the caller clears it where that matters.</param>
    public FreshBytes(Span<byte> buffer)
    {
        RandomNumberGenerator.Fill(buffer);
        left = buffer;
    }

    /// <exception cref="ArgumentOutOfRangeException">Fewer are left.</exception>
    public ReadOnlySpan<byte> Take(int count)
    {
        var taken = left[..count];
        left = left[count..];
        return taken;
    }
}
