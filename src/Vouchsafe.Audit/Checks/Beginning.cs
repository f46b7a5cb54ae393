namespace Vouchsafe.Audit.Checks;

/// <summary>The first bytes of a stream that may go on for long.</summary>
internal sealed class Beginning(Stream whole, int most) : Stream
{
    private int _read;

    /// <summary>Whether there was more.</summary>
    public bool Stopped { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // One byte more tells whether it ends here.
        var left = most - _read;
        if (left == 0)
        {
            Stopped = await whole.ReadAsync(new byte[1], cancellationToken) > 0;
            return 0;
        }

        var count = await whole.ReadAsync(buffer[..Math.Min(buffer.Length, left)], cancellationToken);
        _read += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
