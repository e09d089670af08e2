using ActorVmm.Journal;
using ActorVmm.Journal.Recording;

namespace ActorVmm.Akka.Recording;

/// <summary>
/// What stands between a run and its recorder: how many events are on their way, how far the journal has got, and what has stopped it.
/// The run waits here when it leads by <see cref="Bound"/> events.
/// </summary>
internal sealed class DurableTail
{
    /// <summary>Events that may be on their way; batches are the most of them.</summary>
    public const int Bound = JournalWriter.Bound;

    private readonly object _gate = new();
    private int _onTheirWay;
    private long _delivery;
    private long _bytes;
    private bool _opened;
    private bool _closing;
    private JournalException? _failure;

    /// <summary>Every delivery up to this one is durable.</summary>
    public long Delivery => Volatile.Read(ref _delivery);

    /// <summary>Bytes of all rows committed.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The journal has stopped.</summary>
    public bool HasFailed
    {
        get
        {
            lock (_gate)
            {
                return _failure is not null;
            }
        }
    }

    /// <summary>Nothing more is going to be recorded, so that the recorder may stop.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closing = true;
        }
    }

    /// <summary>Waits until the recorder knows the stream.</summary>
    public void WaitUntilOpened() => WaitWhile(() => !_opened);

    /// <summary>Waits until one more event may be on its way.</summary>
    /// <exception cref="JournalException">The journal has failed.</exception>
    public void TakeRoom() => WaitWhile(() => _onTheirWay >= Bound, then: () => _onTheirWay++);

    /// <summary>Waits until nothing is on its way.</summary>
    /// <exception cref="JournalException">The journal has failed.</exception>
    public void Flush() => WaitWhile(() => _onTheirWay > 0);

    /// <summary>The recorder has read the stream up to its last row.</summary>
    public void Opened(long delivery) => Change(() => (_opened, _delivery) = (true, delivery));

    /// <summary>An event is durable.</summary>
    /// <param name="delivery">The last delivery that is known by it; 0 where it says nothing about deliveries.</param>
    /// <param name="bytes">Of its row.</param>
    public void Acknowledge(long delivery, int bytes) => Change(() =>
    {
        _onTheirWay--;
        _bytes += bytes;
        _delivery = Math.Max(_delivery, delivery);
    });

    /// <summary>The journal goes on no more; the first reason counts. What was on its way is unknown: it may be there or not.</summary>
    public void Fail(Exception cause) => Change(() =>
    {
        if (!_closing)
        {
            _failure ??= cause as JournalException ?? cause.InnerException as JournalException ?? new JournalStorageException($"the journal cannot be written: {cause.Message}", cause);
        }
    });

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            Monitor.PulseAll(_gate);
        }
    }

    private void WaitWhile(Func<bool> condition, Action? then = null)
    {
        lock (_gate)
        {
            while (_failure is null && condition())
            {
                Monitor.Wait(_gate);
            }

            if (_failure is not null)
            {
                throw _failure;
            }

            then?.Invoke();
        }
    }
}
