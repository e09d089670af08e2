using ActorVmm.Journal;
using ActorVmm.Journal.Events;
using ActorVmm.Journal.Recording;

namespace ActorVmm.Akka.Recording;

/// <summary>
/// What stands between a run and its recorder: the events that are on their way, how far the journal has got, and what has stopped it.
/// The run waits here when it leads by <see cref="Bound"/> events.
/// <para>
/// 1. Every event has the number of its row from the moment it is handed over. 2. It stays here until that row is durable. 3. A recorder
/// takes what follows the last row that it knows of: one that was started again has read the stream, and so repeats nothing that is there
/// and leaves out nothing that is not.
/// </para>
/// </summary>
internal sealed class DurableTail
{
    /// <summary>Events that may be on their way; batches are the most of them.</summary>
    public const int Bound = JournalWriter.Bound;

    private readonly object _gate = new();
    private readonly Queue<(long Row, JournalEvent Event)> _onTheirWay = new();
    private long _handedOver;
    private long _durable;
    private long _delivery;
    private long _bytes;
    private bool _opened;
    private bool _closing;
    private Exception? _stumble;
    private JournalException? _failure;

    /// <summary>Every delivery up to this one is durable.</summary>
    public long Delivery => Volatile.Read(ref _delivery);

    /// <summary>Bytes of all rows committed.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

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

    /// <summary>Waits until one more event may be on its way, and puts it there.</summary>
    /// <exception cref="JournalException">The journal has failed.</exception>
    public void Hand(JournalEvent next) => WaitWhile(() => _onTheirWay.Count >= Bound, then: () => _onTheirWay.Enqueue((++_handedOver, next)));

    /// <summary>Waits until nothing is on its way.</summary>
    /// <exception cref="JournalException">The journal has failed.</exception>
    public void Flush() => WaitWhile(() => _onTheirWay.Count > 0);

    /// <summary>The event whose row follows this one; null when there is none, or the journal has failed.</summary>
    public JournalEvent? After(long row)
    {
        lock (_gate)
        {
            return _failure is null ? _onTheirWay.FirstOrDefault(waiting => waiting.Row > row).Event : null;
        }
    }

    /// <summary>The recorder has read the stream up to its last row, for the first time or again.</summary>
    public void Opened(long row)
    {
        if (_opened && row < _durable)
        {
            Fail(new JournalStorageException(FormattableString.Invariant($"the journal cannot be written: row {_durable} was acknowledged, and now the stream ends with row {row}")));
        }
        else if (_opened && row > _handedOver)
        {
            Fail(new JournalStorageException(FormattableString.Invariant($"the journal cannot be written: somebody else has written row {row}")));
        }
        else
        {
            Change(() => (_opened, _durable, _handedOver) = (true, row, Math.Max(row, _handedOver)));
        }
    }

    /// <summary>A row is durable: it has just been persisted, or was found in the stream.</summary>
    /// <param name="row">Its number.</param>
    /// <param name="delivery">The last delivery that is known by it; 0 where it says nothing about deliveries.</param>
    /// <param name="bytes">Its length.</param>
    /// <returns>The event that was on its way until now; null when this is no news.</returns>
    public JournalEvent? Acknowledge(long row, long delivery, int bytes)
    {
        JournalEvent? arrived = null;
        Change(() =>
        {
            _delivery = Math.Max(_delivery, delivery);
            if (_onTheirWay.TryPeek(out (long Row, JournalEvent Event) oldest) && oldest.Row == row)
            {
                arrived = _onTheirWay.Dequeue().Event;
                _durable = row;
                _bytes += bytes;
            }
        });
        return arrived;
    }

    /// <summary>The recorder has thrown, and may be started again.</summary>
    public void Stumble(Exception cause) => Change(() => _stumble = cause);

    /// <summary>There is no recorder any more, nor will there be.</summary>
    /// <param name="stream">What it recorded.</param>
    public void Abandon(string stream) => Fail(
        _stumble is null
            ? new JournalStorageException($"the journal cannot be written: the recorder of {stream} was stopped")
            : new JournalStorageException($"the journal cannot be written: the recorder of {stream} failed again and again, lastly because of this: {_stumble.Message}", _stumble));

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
