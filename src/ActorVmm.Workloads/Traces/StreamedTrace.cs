using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Traces;

/// <summary>
/// One thread of a trace that is too long for memory. A background reader parses the file once more and stays at most a few
/// chunks ahead; <see cref="Read"/> waits only when it has caught up with the reader. Positions a little back are still at
/// hand; further back, the file is opened again. Belongs to one simulated thread: several would pull it to and fro.
/// </summary>
public sealed class StreamedTrace : IProgram, IDisposable
{
    private const int ChunkLength = 1 << 14;
    private const int ChunksAhead = 4;

    private readonly Func<TraceInput> _open;
    private readonly TraceFormat _format;
    private readonly TraceThreadKey _key;
    private readonly Operation[] _prologue;
    private readonly TraceSections _sections;

    private Reader? _reader;
    private ArraySegment<Operation> _chunk = new([]);
    private ArraySegment<Operation> _previous = new([]);
    private long _chunkStart;

    internal StreamedTrace(Func<TraceInput> open, TraceFormat format, TraceThreadKey key, Operation[] prologue, TraceSections sections)
    {
        _open = open;
        _format = format;
        _key = key;
        _prologue = prologue;
        _sections = sections;
    }

    public ReadOnlySpan<Operation> Read(long position, Span<Operation> scratch)
    {
        if (position < _prologue.Length)
        {
            return _prologue.AsSpan((int)position);
        }

        long at = position - _prologue.Length;
        if (at < _chunkStart - _previous.Count)
        {
            Close();
        }

        if (at < _chunkStart)
        {
            return _previous.AsSpan((int)(at - _chunkStart + _previous.Count));
        }

        _reader ??= new Reader(this);
        while (at >= _chunkStart + _chunk.Count)
        {
            if (!_reader.TryNext(_previous, out ArraySegment<Operation> next))
            {
                return default;
            }

            _chunkStart += _chunk.Count;
            _previous = _chunk;
            _chunk = next;
        }

        return _chunk.AsSpan((int)(at - _chunkStart));
    }

    public void Dispose() => Close();

    private void Close()
    {
        _reader?.Dispose();
        _reader = null;
        _chunk = _previous = new ArraySegment<Operation>([]);
        _chunkStart = 0;
    }

    /// <summary>The thread that parses, and the chunks between it and the program.</summary>
    private sealed class Reader : IDisposable
    {
        private readonly BlockingCollection<ArraySegment<Operation>> _filled = new(ChunksAhead);
        private readonly ConcurrentBag<Operation[]> _spare = [];
        private readonly CancellationTokenSource _stop = new();
        private readonly StreamedTrace _trace;
        private readonly Thread _thread;
        private Exception? _failure;

        public Reader(StreamedTrace trace)
        {
            _trace = trace;
            _thread = new Thread(Run) { IsBackground = true, Name = "trace reader" };
            _thread.Start();
        }

        /// <summary>Takes the next chunk, giving a used one back; false at the end of the trace.</summary>
        public bool TryNext(ArraySegment<Operation> used, out ArraySegment<Operation> next)
        {
            if (used.Array is { Length: ChunkLength } array)
            {
                _spare.Add(array);
            }

            if (_filled.TryTake(out next, Timeout.Infinite, CancellationToken.None))
            {
                return true;
            }

            if (_failure is not null)
            {
                ExceptionDispatchInfo.Throw(_failure);
            }

            return false;
        }

        public void Dispose()
        {
            _stop.Cancel();
            _thread.Join();
            _filled.Dispose();
            _stop.Dispose();
        }

        private void Run()
        {
            try
            {
                var mine = new Sink(this);
                var others = new DiscardingSink();
                using TraceInput input = _trace._open();
                TraceReader.ReadAll(input, _trace._format, new TraceThreads(key => key == _trace._key ? mine : others, _trace._sections), _stop.Token);
                mine.Finish();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // Nobody waits for the rest any more.
            }
#pragma warning disable CA1031 // Whatever went wrong belongs to whoever reads the program, not to this thread.
            catch (Exception error)
#pragma warning restore CA1031
            {
                _failure = error;
            }
            finally
            {
                _filled.CompleteAdding();
            }
        }

        private sealed class Sink(Reader reader) : OperationSink
        {
            public void Finish()
            {
                if (Count > 0)
                {
                    reader._filled.Add(new ArraySegment<Operation>(Chunk, 0, Count), reader._stop.Token);
                }
            }

            protected override void Full()
            {
                Finish();
                Chunk = reader._spare.TryTake(out Operation[]? spare) ? spare : new Operation[ChunkLength];
                Count = 0;
            }
        }
    }
}
