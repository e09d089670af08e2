namespace ActorVmm.Workloads;

/// <summary>A stream of which the first bytes have been read already.</summary>
/// <param name="start">Those bytes.</param>
/// <param name="rest">What follows them.</param>
/// <param name="closesRest">Whether closing this stream closes the rest; otherwise that stays its owner's.</param>
public sealed class PrefixedStream(ReadOnlyMemory<byte> start, Stream rest, bool closesRest = false) : Stream
{
    private ReadOnlyMemory<byte> _start = start;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (_start.IsEmpty)
        {
            return rest.Read(buffer);
        }

        int count = Math.Min(buffer.Length, _start.Length);
        _start.Span[..count].CopyTo(buffer);
        _start = _start[count..];
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && closesRest)
        {
            rest.Dispose();
        }

        base.Dispose(disposing);
    }
}
