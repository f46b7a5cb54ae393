using System.Buffers;

namespace Vouchsafe.Bench.Verify;

/// <summary>An export in memory, which may be longer than an array.</summary>
internal sealed class ExportMemory : IBufferWriter<byte>, IDisposable
{
    private const int Chunk = 16 << 20;

    private readonly List<(byte[] Bytes, int Size)> full = [];
    private byte[] current = new byte[Chunk];
    private int used;

    public long Length => full.Sum(chunk => (long)chunk.Size) + used;

    public void Advance(int count) => used += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Room(sizeHint);
        return current.AsMemory(used);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Room(sizeHint);
        return current.AsSpan(used);
    }

    public Stream Open() => new Reader([.. full, (current, used)]);

    public void Dispose() => full.Clear();

    private void Room(int sizeHint)
    {
        if (current.Length - used >= Math.Max(sizeHint, 1))
            return;
        full.Add((current, used));
        (current, used) = (new byte[Math.Max(Chunk, sizeHint)], 0);
    }

    private sealed class Reader((byte[] Bytes, int Size)[] chunks) : Stream
    {
        private int chunk;
        private int at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            while (chunk < chunks.Length && at == chunks[chunk].Size)
                (chunk, at) = (chunk + 1, 0);
            if (chunk == chunks.Length)
                return 0;
            var count = Math.Min(buffer.Length, chunks[chunk].Size - at);
            chunks[chunk].Bytes.AsSpan(at, count).CopyTo(buffer);
            at += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
