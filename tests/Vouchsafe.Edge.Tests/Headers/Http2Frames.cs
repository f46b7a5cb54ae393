using System.Buffers.Binary;
using System.Text;

namespace Vouchsafe.Edge.Tests.Headers;

/// <summary>One GET in frames written by hand (RFC 9113), so that it can break bounds which a client keeps by itself.</summary>
internal static class Http2Frames
{
    public const byte Headers = 1, ResetStream = 3, GoAway = 7;

    private const byte Settings = 4, Continuation = 9;
    private const byte EndOfStream = 1, EndOfHeaders = 4;
    private static readonly string[] Statuses = ["200", "204", "206", "304", "400", "404", "500"];
    private const int Longest = 16_384;

    /// <returns>The frames that come back, type and payload: up to the answer's headers, the end of the stream, or that of the connection.</returns>
    public static async Task<List<(byte Type, byte[] Payload)>> ExchangeAsync(Stream stream, string authority, IReadOnlyList<(string Name, string Value)> headers, CancellationToken cancellationToken)
    {
        using var request = new MemoryStream();
        request.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        Write(request, Settings, 0, 0, []);
        var block = Block(authority, headers);
        for (var at = 0; at < block.Length; at += Longest)
        {
            var part = block.AsSpan(at, Math.Min(Longest, block.Length - at));
            var flags = (byte)((at == 0 ? EndOfStream : 0) | (at + part.Length == block.Length ? EndOfHeaders : 0));
            Write(request, at == 0 ? Headers : Continuation, flags, 1, part);
        }

        try
        {
            await stream.WriteAsync(request.ToArray(), cancellationToken);
        }
        catch (IOException)
        {
            // It hung up before it had read all: what it said until then can still be read.
        }

        return await ReadAsync(stream, cancellationToken);
    }

    private static async Task<List<(byte Type, byte[] Payload)>> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var seen = new List<(byte Type, byte[] Payload)>();
        var head = new byte[9];
        try
        {
            while (!seen.Exists(frame => frame.Type is Headers or ResetStream or GoAway))
            {
                await stream.ReadExactlyAsync(head, cancellationToken);
                var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
                await stream.ReadExactlyAsync(payload, cancellationToken);
                seen.Add((head[3], payload));
            }
        }
        catch (IOException)
        {
            // The end.
        }

        return seen;
    }

    /// <summary>HPACK (RFC 7541): the method, scheme and path of the static table, everything else as literals that nobody indexes.</summary>
    private static byte[] Block(string authority, IReadOnlyList<(string Name, string Value)> headers)
    {
        using var block = new MemoryStream();
        block.Write([0x82, 0x87, 0x84, 0x01]);
        Text(block, authority);
        foreach (var (name, value) in headers)
        {
            block.WriteByte(0);
            Text(block, name);
            Text(block, value);
        }

        return block.ToArray();
    }

    /// <summary>A connection's first block of headers, read (RFC 7541, section 6). Of the static table only what this server answers with has a name here; the others are named by their number.</summary>
    public static List<(string Name, string Value)> Fields(byte[] block)
    {
        var fields = new List<(string Name, string Value)>();
        for (var at = 0; at < block.Length;)
        {
            var first = block[at];
            if ((first & 0x80) != 0)
            {
                var index = Number(block, ref at, 7);
                fields.Add(index is >= 8 and <= 14 ? (":status", Statuses[index - 8]) : ($"#{index}", ""));
            }
            else if ((first & 0xE0) == 0x20)
            {
                Number(block, ref at, 5);
            }
            else
            {
                var index = Number(block, ref at, (first & 0x40) != 0 ? 6 : 4);
                var name = index switch { 0 => Text(block, ref at), >= 8 and <= 14 => ":status", 56 => "strict-transport-security", _ => $"#{index}" };
                fields.Add((name, Text(block, ref at)));
            }
        }

        return fields;
    }

    private static int Number(byte[] block, ref int at, int bits)
    {
        var most = (1 << bits) - 1;
        var number = block[at++] & most;
        if (number < most) return number;
        for (var shift = 0; ; shift += 7)
        {
            number += (block[at] & 127) << shift;
            if ((block[at++] & 128) == 0) return number;
        }
    }

    private static string Text(byte[] block, ref int at)
    {
        if ((block[at] & 0x80) != 0) throw new InvalidDataException("The server writes Huffman codes now; read them here.");
        var length = Number(block, ref at, 7);
        at += length;
        return Encoding.ASCII.GetString(block, at - length, length);
    }

    /// <summary>RFC 7541, sections 5.1 and 5.2, without Huffman.</summary>
    private static void Text(MemoryStream block, string text)
    {
        var length = text.Length;
        block.WriteByte((byte)Math.Min(length, 127));
        if (length >= 127)
        {
            for (length -= 127; length >= 128; length >>= 7) block.WriteByte((byte)(length & 127 | 128));
            block.WriteByte((byte)length);
        }

        block.Write(Encoding.ASCII.GetBytes(text));
    }

    private static void Write(MemoryStream request, byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        Span<byte> head = stackalloc byte[9];
        BinaryPrimitives.WriteInt32BigEndian(head, payload.Length << 8);
        (head[3], head[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(head[5..], stream);
        request.Write(head);
        request.Write(payload);
    }
}
