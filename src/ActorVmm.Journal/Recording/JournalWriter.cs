using ActorVmm.Journal.Events;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Snapshots;
using ActorVmm.Journal.Stores;

namespace ActorVmm.Journal.Recording;

/// <summary>
/// Writes one run's stream beside the run.
/// <para>
/// 1. The run hands events over; when <see cref="Bound"/> of them wait, it waits too: it leads its journal by no more than that.
/// 2. A thread takes everything that waits, encodes and seals it, and commits it as one transaction.
/// 3. When the commit has returned, and not before, <see cref="DurableThrough"/> goes on: that is the acknowledgement.
/// 4. When anything fails, nothing is acknowledged any more and the next call tells the run, which stops. What the failed commit
/// held is unknown: it may be there or not.
/// </para>
/// </summary>
public sealed class JournalWriter : IRunWriter
{
    /// <summary>Events that may wait; batches are the most of them.</summary>
    public const int Bound = 8;

    private readonly IJournalAppender _appender;
    private readonly TimeProvider _clock;
    private readonly Queue<JournalEvent> _waiting = new();
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _room = new(Bound);
    private readonly SemaphoreSlim _work = new(0);
    private readonly ManualResetEventSlim _idle = new(initialState: true);
    private readonly Thread _thread;
    private readonly RowSealer _sealer;
    private readonly SnapshotEncoder _snapshots = new();
    private long _durableThrough;
    private long _bytesWritten;
    private long _snapshotBytesWritten;
    private bool _closing;
    private volatile JournalException? _failure;

    /// <param name="store">Where to.</param>
    /// <param name="stream"><c>run/</c> and the run's id; a stream that does not exist yet.</param>
    /// <param name="durability">When what is committed is safe.</param>
    /// <param name="clock">What the rows say about when they were written.</param>
    /// <exception cref="JournalException">The store refuses.</exception>
    public JournalWriter(IJournalStore store, string stream, Durability durability, TimeProvider clock)
        : this((store ?? throw new ArgumentNullException(nameof(store))).OpenWriter(stream, durability), stream, clock)
    {
    }

    private JournalWriter(IJournalAppender appender, string stream, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        Stream = stream;
        _clock = clock;
        _appender = appender;
        _sealer = new RowSealer(stream, clock);
        _thread = new Thread(Work) { IsBackground = true, Name = "journal" };
        _thread.Start();
    }

    /// <summary>Goes on with a stream that was cut off, behind its last row.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="stream">A stream that has no end.</param>
    /// <param name="durability">When what is committed is safe.</param>
    /// <param name="clock">What the rows say about when they were written.</param>
    /// <param name="run">The run as it is, now that nobody else writes it.</param>
    /// <exception cref="NoSuchRunException">The run has ended.</exception>
    /// <exception cref="JournalException">The store refuses, or the first or the last row is damaged.</exception>
    public static JournalWriter GoOn(IJournalStore store, string stream, Durability durability, TimeProvider clock, out RecordedRun run)
    {
        ArgumentNullException.ThrowIfNull(store);
        IJournalAppender appender = store.OpenWriter(stream, durability);
        try
        {
            run = RecordedRun.Open(store, stream);
            if (run.Ended is { } ended)
            {
                throw new NoSuchRunException($"run {run.Id} has ended ({ended.End}): there is nothing to go on with");
            }

            JournalRow last = store.Last(stream)!;
            var writer = new JournalWriter(appender, stream, clock) { _durableThrough = run.Deliveries() };
            writer._sealer.GoOnAfter(last);
            return writer;
        }
        catch
        {
            appender.Dispose();
            throw;
        }
    }

    /// <summary>One value per writing process, so that a reader sees when two had written one stream.</summary>
    public static string WriterId { get; } = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));

    /// <inheritdoc/>
    public string Stream { get; }

    /// <summary>Every delivery up to this one survives whatever happens to this process, and with full durability to the computer.</summary>
    public long DurableThrough => Volatile.Read(ref _durableThrough);

    /// <inheritdoc/>
    public long BytesWritten => Volatile.Read(ref _bytesWritten);

    /// <inheritdoc/>
    public long SnapshotBytesWritten => Volatile.Read(ref _snapshotBytesWritten);

    /// <summary>What stopped the journal; null while it goes on.</summary>
    public JournalException? Failure => _failure;

    /// <inheritdoc/>
    public Action<DeliveryBatch>? Recycle { get; set; }

    /// <inheritdoc/>
    public void Append(JournalEvent next)
    {
        ArgumentNullException.ThrowIfNull(next);
        ThrowIfFailed();
        _room.Wait();
        ThrowIfFailed();
        lock (_gate)
        {
            _waiting.Enqueue(next);
            _idle.Reset();
        }

        _work.Release();
    }

    /// <inheritdoc/>
    public void Flush()
    {
        _idle.Wait();
        ThrowIfFailed();
    }

    /// <summary>Writes what waits, and lets go of the stream. Whoever wants to know whether all of it is there flushes before.</summary>
    public void Dispose()
    {
        if (_closing)
        {
            return;
        }

        _closing = true;
        _work.Release();
        _thread.Join();
        _appender.Dispose();
        _room.Dispose();
        _work.Dispose();
        _idle.Dispose();
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failure)
        {
            throw failure;
        }
    }

    private void Work()
    {
        var taken = new List<JournalEvent>();
        while (true)
        {
            _work.Wait();
            lock (_gate)
            {
                while (_waiting.TryDequeue(out JournalEvent? next))
                {
                    taken.Add(next);
                }
            }

            if (taken.Count > 0)
            {
                CommitOrFail(taken);
                taken.Clear();
            }

            lock (_gate)
            {
                if (_waiting.Count == 0)
                {
                    _idle.Set();
                    if (_closing)
                    {
                        return;
                    }
                }
            }
        }
    }

    private void CommitOrFail(List<JournalEvent> events)
    {
        try
        {
            if (_failure is null)
            {
                Commit(events);
            }
        }
        catch (JournalException error)
        {
            _failure = error;
        }
        catch (Exception error)
        {
            // Whatever it is, the run must hear of it rather than go on without a journal.
            _failure = new JournalStorageException($"the journal cannot be written: {error.Message}", error);
        }

        _room.Release(events.Count);
    }

    private void Commit(List<JournalEvent> events)
    {
        var rows = new List<JournalRow>(events.Count);
        var snapshots = new List<SnapshotRow>();
        long last = 0;
        long bytes = 0;
        foreach (JournalEvent next in events)
        {
            if (next is MachineStateTaken state)
            {
                SnapshotRow row = _snapshots.Encode(state, Stream, _sealer.Sequence, _clock.GetUtcNow().UtcTicks);
                snapshots.Add(row);
                bytes += row.Snapshot.Length;
                continue;
            }

            rows.Add(_sealer.Seal(next));
            bytes += rows[^1].Message.Length;
            last = Math.Max(last, next.LastDelivery);
        }

        _appender.Commit(rows, snapshots);
        Volatile.Write(ref _bytesWritten, _bytesWritten + bytes);
        Volatile.Write(ref _snapshotBytesWritten, _snapshotBytesWritten + snapshots.Sum(row => (long)row.Snapshot.Length));
        Volatile.Write(ref _durableThrough, Math.Max(_durableThrough, last));
        foreach (DeliveryBatch batch in events.OfType<DeliveryBatch>())
        {
            Recycle?.Invoke(batch);
        }
    }
}
