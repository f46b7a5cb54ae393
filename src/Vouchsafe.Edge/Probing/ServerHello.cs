using System.Buffers.Binary;
using System.Net.Security;

namespace Vouchsafe.Edge.Probing;

/// <summary>How a server answers a ClientHello: with what it chose, or with a refusal.</summary>
/// <param name="Version">As on the wire; 0 where it refused.</param>
/// <param name="Alert">The alert's description (RFC 8446, section 6), or null where it chose or just hung up.</param>
internal sealed record ServerHello(ushort Version, TlsCipherSuite Suite, byte? Alert)
{
    private const int LongestMessage = 1 << 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public bool Accepted => Version != 0;

    /// <summary>Sends one ClientHello on a connection of its own and reads the first message of the answer.</summary>
    public static async Task<ServerHello> OfAsync(Outsider outsider, Uri node, byte[] hello, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var socket = await outsider.ConnectAsync(node.Host, node.Port, patience.Token);
        await using var stream = new System.Net.Sockets.NetworkStream(socket);
        var handshake = new List<byte>();
        try
        {
            await stream.WriteAsync(hello, patience.Token);
            var header = new byte[5];
            while (handshake.Count < LongestMessage)
            {
                await stream.ReadExactlyAsync(header, patience.Token);
                var record = new byte[BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(3))];
                await stream.ReadExactlyAsync(record, patience.Token);
                if (header[0] == 21) return Refused(record.Length == 2 ? record[1] : null);
                if (header[0] != 22) return Refused(null);
                handshake.AddRange(record);
                if (TryParse([.. handshake], out var answer)) return answer;
            }
        }
        catch (Exception closed) when (closed is IOException or EndOfStreamException)
        {
            // Hung up without a word: refused as well.
        }
        return Refused(null);
    }

    /// <returns>False where the message isn't whole yet.</returns>
    internal static bool TryParse(ReadOnlySpan<byte> handshake, out ServerHello answer)
    {
        answer = Refused(null);
        if (handshake.Length < 4) return false;
        var length = handshake[1] << 16 | BinaryPrimitives.ReadUInt16BigEndian(handshake[2..]);
        if (handshake.Length < 4 + length) return length > LongestMessage;
        if (handshake[0] != 2) return true;
        var body = handshake.Slice(4, length);
        if (body.Length < 35) return true;
        var version = BinaryPrimitives.ReadUInt16BigEndian(body);
        var after = 35 + body[34];
        if (body.Length < after + 3) return true;
        var suite = (TlsCipherSuite)BinaryPrimitives.ReadUInt16BigEndian(body[after..]);
        var extensions = body[(after + 3)..];
        if (extensions.Length >= 2 && Selected(extensions[2..]) is { } selected) version = selected;
        answer = new(version, suite, null);
        return true;
    }

    /// <summary>supported_versions of a TLS 1.3 server (RFC 8446, section 4.2.1).</summary>
    private static ushort? Selected(ReadOnlySpan<byte> extensions)
    {
        while (extensions.Length >= 4)
        {
            var type = BinaryPrimitives.ReadUInt16BigEndian(extensions);
            var length = BinaryPrimitives.ReadUInt16BigEndian(extensions[2..]);
            if (extensions.Length < 4 + length) return null;
            if (type == 43 && length == 2) return BinaryPrimitives.ReadUInt16BigEndian(extensions[4..]);
            extensions = extensions[(4 + length)..];
        }
        return null;
    }

    private static ServerHello Refused(byte? alert) => new(0, default, alert);
}
