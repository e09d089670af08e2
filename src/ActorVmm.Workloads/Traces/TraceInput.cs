using System.IO.Compression;
using System.Security.Cryptography;

namespace ActorVmm.Workloads.Traces;

/// <summary>
/// The bytes of a trace, unpacked if they start as gzip does, with the SHA-256 of the file as it is. Whatever goes wrong
/// underneath comes out as an <see cref="InputException"/>.
/// </summary>
internal sealed class TraceInput : IDisposable
{
    private const int BufferBytes = 1 << 17;

    private readonly RawStream _raw;
    private readonly Stream _unpacked;

    private TraceInput(string name, Stream stream)
    {
        Name = name;
        _raw = new RawStream(stream);
        try
        {
            Compressed = _raw.Peek() is [0x1F, 0x8B];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            stream.Dispose();
            throw Refused(error);
        }

        // That a file was cut off is noticed only with UseStrictValidation, which config/build/Common.props turns on.
        _unpacked = Compressed ? new GZipStream(_raw, CompressionMode.Decompress) : _raw;
    }

    /// <summary>What messages call the input.</summary>
    public string Name { get; }

    public bool Compressed { get; }

    /// <summary>Bytes of the file read so far.</summary>
    public long FileBytes => _raw.BytesRead;

    /// <summary>Bytes of the trace read so far, unpacked.</summary>
    public long Bytes { get; private set; }

    public static TraceInput Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw new InputException(new Place(path), "is a directory, not a trace");
        }

        try
        {
            return new TraceInput(path, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(new Place(path), "no such file", cause: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException(new Place(path), "cannot be read: " + error.Message, cause: error);
        }
    }

    public static TraceInput Of(Stream stream, string name) => new(name, stream);

    /// <summary>The next bytes of the trace, at least one unless it has ended.</summary>
    public int Read(Span<byte> buffer)
    {
        try
        {
            int count = _unpacked.Read(buffer);
            Bytes += count;
            return count;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw Refused(error);
        }
    }

    /// <summary>Reads what is left of the file and returns the SHA-256 of all of it, in hexadecimal.</summary>
    public string Finish()
    {
        try
        {
            return _raw.Finish();
        }
        catch (IOException error)
        {
            throw Refused(error);
        }
    }

    public void Dispose()
    {
        _unpacked.Dispose();
        _raw.Dispose();
    }

    private InputException Refused(Exception error) =>
        error is InvalidDataException
            ? new InputException(new Place(Name), "the gzip data is damaged or ends too early: " + error.Message, cause: error)
            : new InputException(new Place(Name), "cannot be read: " + error.Message, cause: error);

    /// <summary>The file itself: hashed as it passes, with two bytes of look-ahead.</summary>
    private sealed class RawStream(Stream stream) : Stream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly byte[] _ahead = new byte[2];
        private int _aheadCount;

        public long BytesRead { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public ReadOnlySpan<byte> Peek()
        {
            _aheadCount = stream.ReadAtLeast(_ahead, _ahead.Length, throwOnEndOfStream: false);
            return _ahead.AsSpan(0, _aheadCount);
        }

        public override int Read(Span<byte> buffer)
        {
            int count;
            if (_aheadCount > 0)
            {
                count = Math.Min(buffer.Length, _aheadCount);
                _ahead.AsSpan(0, count).CopyTo(buffer);
                _ahead.AsSpan(count, _aheadCount - count).CopyTo(_ahead);
                _aheadCount -= count;
            }
            else
            {
                count = stream.Read(buffer);
            }

            _hash.AppendData(buffer[..count]);
            BytesRead += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public string Finish()
        {
            byte[] rest = new byte[BufferBytes];
            while (Read(rest) > 0)
            {
            }

            return Convert.ToHexStringLower(_hash.GetHashAndReset());
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _hash.Dispose();
                stream.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
