namespace ActorVmm.Workloads.Conformance;

/// <summary>The lines of a stream, one at a time, however long the stream is.</summary>
internal sealed class LineStream(Stream stream, string file)
{
    /// <summary>A case is a few kilobytes; what has no line end for so long is no file of cases.</summary>
    public const int LongestLine = 4 << 20;

    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>Number of the line handed out last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The next line without its end, valid until the next call.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        int searched = 0;
        while (true)
        {
            int length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (length >= 0 || (_ended && _start < _end))
            {
                length = length >= 0 ? length + searched : _end - _start;
                line = _buffer.AsSpan(_start, length);
                _start = Math.Min(_end, _start + length + 1);
                Number++;
                line = line.EndsWith("\r"u8) ? line[..^1] : line;
                return true;
            }

            if (_ended)
            {
                line = default;
                return false;
            }

            searched = _end - _start;
            Fill();
        }
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            if (_end >= LongestLine)
            {
                throw new InputException(new Place(file, Number + 1), "a line of more than 4 MiB is no case");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        try
        {
            int count = stream.Read(_buffer, _end, _buffer.Length - _end);
            _end += count;
            _ended = count == 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new InputException(new Place(file), "cannot be read: " + error.Message, cause: error);
        }
    }
}
