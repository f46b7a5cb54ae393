using System.Buffers.Binary;
using System.Net.Security;
using System.Security.Cryptography;
using System.Text;

namespace Vouchsafe.Edge.Probing;

/// <summary>The first message of a TLS client, written by hand: it offers what no library of today would still offer.</summary>
internal static class ClientHello
{
    internal const ushort Ssl30 = 0x0300, Tls10 = 0x0301, Tls11 = 0x0302, Tls12 = 0x0303, Tls13 = 0x0304;

    /// <param name="host">For server_name (RFC 6066, section 3); left out where it is an address.</param>
    /// <param name="versions">What is offered; TLS 1.3 goes by extension (RFC 8446, section 4.2.1).</param>
    public static byte[] Write(string host, IReadOnlyCollection<ushort> versions, IReadOnlyCollection<TlsCipherSuite> suites)
    {
        var body = new Bytes();
        body.U16(Math.Min(versions.Max(), Tls12));
        body.Raw(RandomNumberGenerator.GetBytes(32));
        body.Vector8(session => session.Raw(RandomNumberGenerator.GetBytes(32)));
        body.Vector16(list =>
        {
            foreach (var suite in suites) list.U16((ushort)suite);
        });
        body.Vector8(compressions => compressions.U8(0));
        if (versions.Max() > Ssl30) body.Vector16(extensions => Extensions(extensions, host, versions));

        var record = new Bytes();
        record.U8(22);
        record.U16(versions.Max() == Ssl30 ? Ssl30 : Tls10);
        record.Vector16(handshake =>
        {
            handshake.U8(1);
            handshake.U8(0);
            handshake.Vector16(hello => hello.Raw(body.ToArray()));
        });
        return record.ToArray();
    }

    private static void Extensions(Bytes all, string host, IReadOnlyCollection<ushort> versions)
    {
        if (Uri.CheckHostName(host) == UriHostNameType.Dns)
            Extension(all, 0, data => data.Vector16(names =>
            {
                names.U8(0);
                names.Vector16(name => name.Raw(Encoding.ASCII.GetBytes(host)));
            }));
        // x25519, secp256r1, secp384r1; uncompressed points.
        Extension(all, 10, data => data.Vector16(groups => groups.Each16(0x001d, 0x0017, 0x0018)));
        Extension(all, 11, data => data.Vector8(formats => formats.U8(0)));
        // ECDSA, RSA-PSS and RSA with SHA-2, and with SHA-1 for the old versions.
        Extension(all, 13, data => data.Vector16(schemes => schemes.Each16(0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201)));
        Extension(all, 23, _ => { });
        Extension(all, 0xff01, data => data.U8(0));
        if (!versions.Contains(Tls13)) return;
        Extension(all, 43, data => data.Vector8(offered =>
        {
            foreach (var version in versions.OrderDescending()) offered.U16(version);
        }));
        Extension(all, 45, data => data.Vector8(modes => modes.U8(1)));
        // Any 32 bytes are a public key of x25519; that nobody knows its secret doesn't matter, the handshake ends with the answer.
        Extension(all, 51, data => data.Vector16(shares =>
        {
            shares.U16(0x001d);
            shares.Vector16(key => key.Raw(RandomNumberGenerator.GetBytes(32)));
        }));
    }

    private static void Extension(Bytes all, ushort type, Action<Bytes> data)
    {
        all.U16(type);
        all.Vector16(data);
    }

    /// <summary>Bytes in the network's order, with lengths before vectors (RFC 8446, section 3.4).</summary>
    private sealed class Bytes
    {
        private readonly List<byte> bytes = [];

        public void U8(byte value) => bytes.Add(value);

        public void U16(ushort value)
        {
            Span<byte> two = stackalloc byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(two, value);
            bytes.AddRange(two);
        }

        public void Each16(params ReadOnlySpan<ushort> values)
        {
            foreach (var value in values) U16(value);
        }

        public void Raw(byte[] value) => bytes.AddRange(value);

        public void Vector8(Action<Bytes> content)
        {
            var inner = new Bytes();
            content(inner);
            U8(checked((byte)inner.bytes.Count));
            bytes.AddRange(inner.bytes);
        }

        public void Vector16(Action<Bytes> content)
        {
            var inner = new Bytes();
            content(inner);
            U16(checked((ushort)inner.bytes.Count));
            bytes.AddRange(inner.bytes);
        }

        public byte[] ToArray() => [.. bytes];
    }
}
