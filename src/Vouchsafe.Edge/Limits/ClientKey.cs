using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Edge.Proxies;

namespace Vouchsafe.Edge.Limits;

/// <summary>Who is counted for what: 128 bits of a hash over the limit's name and the client's network.</summary>
/// <remarks>Always 16 bytes, whoever asks. The hash is no anonymisation, an IPv4 address can be searched for; it keeps addresses from being read at a glance.</remarks>
internal readonly record struct ClientKey(UInt128 Value)
{
    public static ClientKey Of(ClientLimit limit, IPAddress client)
    {
        Span<byte> address = stackalloc byte[16];
        client = ForwardedFor.Normalise(client);
        client.TryWriteBytes(address, out var length);
        if (client.AddressFamily == AddressFamily.InterNetworkV6)
            Mask(address, limit.Ipv6Prefix);
        Span<byte> text = stackalloc byte[1 + 64 + 16];
        var name = Encoding.UTF8.GetBytes(limit.Name, text[1..65]);
        text[0] = (byte)name;
        address[..length].CopyTo(text[(1 + name)..]);
        return new(BinaryPrimitives.ReadUInt128BigEndian(Sha256.Hash(text[..(1 + name + length)]).Bytes));
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return bytes;
    }

    public override string ToString() => Value.ToString("x32");

    public static bool TryParse(ReadOnlySpan<char> text, out ClientKey key)
    {
        var read = UInt128.TryParse(text, System.Globalization.NumberStyles.AllowHexSpecifier, null, out var value);
        key = new(value);
        return read && text.Length == 32;
    }

    private static void Mask(Span<byte> address, int prefix)
    {
        for (var bit = prefix; bit < 128; bit++)
            address[bit / 8] &= (byte)~(0x80 >> (bit % 8));
    }
}
