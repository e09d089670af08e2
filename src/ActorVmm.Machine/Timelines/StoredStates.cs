using ActorVmm.Journal;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Snapshots;

namespace ActorVmm.Machine.Timelines;

/// <summary>
/// The snapshots of a recorded run, and how more of them come to be.
/// <para>
/// 1. Where two lie further apart than <see cref="MostGap"/>, whoever passes through the gap lays more, one every
/// <see cref="Distance"/> deliveries, each at the end of a batch: the first visit pays, the next one opens at once.
/// 2. They are written beside the timeline, which goes on meanwhile. 3. Where the journal cannot be written, they stay in memory.
/// 4. Snapshots of another build are passed over; when new ones are laid, they go.
/// </para>
/// </summary>
internal sealed class StoredStates : IDisposable
{
    /// <summary>Deliveries between two snapshots that are laid.</summary>
    public const long Distance = 65_536;

    /// <summary>Deliveries that may lie between two without more being laid.</summary>
    public const long MostGap = 81_920;

    private readonly RecordedRun _run;
    private readonly string _host;
    private readonly long _length;
    private readonly TimeProvider _clock;
    private readonly SnapshotEncoder _encoder = new();
    private readonly List<long> _rows;
    private readonly Dictionary<long, long> _deliveries = [];
    private Task _storing = Task.CompletedTask;
    private bool _foreign;
    private volatile JournalException? _failure;
    private (long From, long To, (long Row, long Last)? Next) _gap;

    /// <param name="run">The run.</param>
    /// <param name="host">The kind of host that goes on from the states.</param>
    /// <param name="length">How many deliveries the run has.</param>
    /// <param name="clock">Says when snapshots were written.</param>
    public StoredStates(RecordedRun run, string host, long length, TimeProvider clock)
    {
        (_run, _host, _length, _clock) = (run, host, length, clock);
        _rows = [.. run.Snapshots().Select(snapshot => snapshot.Row)];
    }

    /// <summary>The latest state between two deliveries, exclusive; null when there is none that can be opened.</summary>
    public MachineCheckpoint? Find(SimulatedMachine machine, long before, long after)
    {
        for (int at = CountUpTo(before - 1) - 1; at >= 0 && DeliveryOf(_rows[at]) > after; at--)
        {
            if (Open(machine, _rows[at]) is { } checkpoint)
            {
                return checkpoint;
            }

            _rows.RemoveAt(at);
            _gap = default;
        }

        return null;
    }

    /// <summary>The next delivery behind a position at which a state is missing.</summary>
    public long NextMissing(long position)
    {
        if (_failure is not null)
        {
            return long.MaxValue;
        }

        if (position < _gap.From || position >= _gap.To)
        {
            _gap = GapAt(position);
        }

        return _gap.Next is { } next && next.Last > position ? next.Last : long.MaxValue;
    }

    /// <summary>Keeps a state where one was missing.</summary>
    public void Add(MachineCheckpoint checkpoint)
    {
        if (_run.EndOfBatch(checkpoint.Turns) is not { } end || end.Last != checkpoint.Turns)
        {
            return;
        }

        MachineStateTaken state = EncodedCheckpoint.Encode(checkpoint, _host);
        _rows.Insert(CountUpTo(checkpoint.Turns), end.Row);
        _gap = default;

        // One at a time: states are large, and whoever runs ahead of the disk waits for it.
        _storing.Wait();
        _storing = Task.Run(() => Write(state, end.Row));
    }

    /// <summary>Waits until all that was laid is stored, and says why it is not; null when it is.</summary>
    public JournalException? Flush()
    {
        _storing.Wait();
        return _failure;
    }

    public void Dispose() => _storing.Wait();

    private (long From, long To, (long Row, long Last)? Next) GapAt(long position)
    {
        int next = CountUpTo(position);
        long from = next > 0 ? DeliveryOf(_rows[next - 1]) : 0;
        long to = next < _rows.Count ? DeliveryOf(_rows[next]) : _length;
        if (to - from <= MostGap || position + (Distance / 2) >= to)
        {
            return (from, to, null);
        }

        (long Row, long Last)? missing = _run.EndOfBatch(Math.Max(from + Distance, position + 1));
        return (position, missing?.Last ?? to, missing is { } end && end.Last < to ? end : null);
    }

    /// <summary>How many snapshots are of a delivery or of earlier ones: a binary search, since each look is one at the journal.</summary>
    private int CountUpTo(long delivery)
    {
        int low = 0;
        for (int high = _rows.Count; low < high;)
        {
            int middle = (low + high) / 2;
            if (DeliveryOf(_rows[middle]) <= delivery)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private long DeliveryOf(long row)
    {
        if (!_deliveries.TryGetValue(row, out long delivery))
        {
            _deliveries.Add(row, delivery = _run.DeliveryUpTo(row));
        }

        return delivery;
    }

    private MachineCheckpoint? Open(SimulatedMachine machine, long row)
    {
        try
        {
            _storing.Wait();
            MachineStateTaken state = _run.OpenSnapshot(row);
            MachineCheckpoint? checkpoint = state.Delivery == DeliveryOf(row) ? EncodedCheckpoint.Decode(state, machine, _host) : null;
            _foreign |= checkpoint is null;
            return checkpoint;
        }
        catch (JournalException error) when (error is DamagedJournalException or NewerJournalException)
        {
            // A damaged snapshot costs time, not truth.
            return null;
        }
    }

    private void Write(MachineStateTaken state, long row)
    {
        try
        {
            if (_foreign)
            {
                _run.DropSnapshots();
                _foreign = false;
            }

            _run.AddSnapshot(state, row, _encoder, _clock);
        }
        catch (JournalException failure)
        {
            // Read-only, or somebody is writing: what is in memory serves as well, and the next visitor pays again.
            _failure = failure;
        }
    }
}
