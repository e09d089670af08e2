namespace ActorVmm.Cli.Verbs;

/// <summary>
/// Standard input that is remembered while it is read, so that a journal can carry it: nobody can read it again. What is longer
/// than <see cref="Most"/> is not kept, and such a run cannot be replayed without it.
/// </summary>
internal sealed class CapturedInput(Stream inner) : Stream
{
    public const int Most = 64 << 20;

    private readonly MemoryStream _kept = new();
    private bool _tooLong;

    /// <summary>What was read; empty when it was too long.</summary>
    public ReadOnlyMemory<byte> Bytes => _tooLong ? default : _kept.GetBuffer().AsMemory(0, (int)_kept.Length);

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
        int count = inner.Read(buffer);
        _tooLong |= _kept.Length + count > Most;
        if (!_tooLong)
        {
            _kept.Write(buffer[..count]);
        }

        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
