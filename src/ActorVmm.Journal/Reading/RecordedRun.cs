using System.Runtime.ExceptionServices;
using ActorVmm.Journal.Bytes;
using ActorVmm.Journal.Events;
using ActorVmm.Journal.Messages;
using ActorVmm.Journal.Snapshots;
using ActorVmm.Journal.Stores;

namespace ActorVmm.Journal.Reading;

/// <summary>
/// One recorded run, opened: what it began with, how it ended if it did, and its deliveries from any one on. Rows prove
/// themselves as they are read; nothing is guessed over a hole.
/// </summary>
public sealed class RecordedRun
{
    private const int HeadBytes = 64;

    /// <summary>Rows that are unpacked before they are asked for.</summary>
    private const int RowsAhead = 3;

    private readonly IJournalStore _store;

    private RecordedRun(IJournalStore store, string stream, RunStarted started, JournalRow last, RunEnded? ended)
    {
        (_store, Stream, Started, LastRow, Ended) = (store, stream, started, last.Sequence, ended);
    }

    public string Stream { get; }

    /// <summary>The run's id.</summary>
    public string Id => Stream[JournalReader.Prefix.Length..];

    public RunStarted Started { get; }

    /// <summary>Null for a run that was cut off: everything up to its last row is there.</summary>
    public RunEnded? Ended { get; }

    /// <summary>The sequence number of its last row.</summary>
    public long LastRow { get; }

    /// <exception cref="NoSuchRunException">There is no such run.</exception>
    /// <exception cref="DamagedJournalException">Its first or last row is not what was written.</exception>
    /// <exception cref="NewerJournalException">A newer program wrote it.</exception>
    internal static RecordedRun Open(IJournalStore store, string stream)
    {
        JournalRow first = store.Rows(stream).FirstOrDefault() ?? throw new NoSuchRunException($"{store.Name} holds no {stream}");
        if (first.Sequence != 1)
        {
            throw DamagedJournalException.Of(stream, 1, "it is missing");
        }

        RunStarted started = Decode(first, null) as RunStarted ?? throw DamagedJournalException.Of(stream, 1, "it is not the beginning of a run");
        JournalRow last = store.Last(stream) ?? throw DamagedJournalException.Of(stream, 1, "it is there and not there");
        return new RecordedRun(store, stream, started, last, Decode(last, started.Registry) as RunEnded);
    }

    /// <summary>All events from the row that holds a delivery on, or from the first row.</summary>
    /// <param name="delivery">From 1; 0 for all.</param>
    /// <exception cref="DamagedJournalException">From the row on that is damaged, missing, or not linked to the one before.</exception>
    public IEnumerable<JournalEvent> Events(long delivery = 0) =>
        Follow(delivery, rows => rows.Select(row => (row, (Func<JournalEvent>)(() => Decode(row, Started.Registry)))));

    /// <summary>The same, unpacked on other threads a few rows ahead.</summary>
    public IEnumerable<JournalEvent> EventsAhead(long delivery = 0) => Follow(delivery, UnpackAhead);

    private IEnumerable<(JournalRow Row, Func<JournalEvent> Event)> UnpackAhead(IEnumerable<JournalRow> rows)
    {
        var ahead = new Queue<(JournalRow Row, Task<JournalEvent> Event)>();
        using IEnumerator<JournalRow> source = rows.GetEnumerator();
        ExceptionDispatchInfo? failure = null;
        bool more = true;
        while (true)
        {
            while (more && ahead.Count < RowsAhead)
            {
                try
                {
                    more = source.MoveNext();
                }
                catch (JournalException error)
                {
                    // What lies before it is read first.
                    failure = ExceptionDispatchInfo.Capture(error);
                    more = false;
                }

                if (more)
                {
                    JournalRow row = source.Current;
                    ahead.Enqueue((row, Task.Run(() => Decode(row, Started.Registry))));
                }
            }

            if (!ahead.TryDequeue(out (JournalRow Row, Task<JournalEvent> Event) next))
            {
                failure?.Throw();
                yield break;
            }

            yield return (next.Row, () => next.Event.GetAwaiter().GetResult());
        }
    }

    private IEnumerable<JournalEvent> Follow(long delivery, Func<IEnumerable<JournalRow>, IEnumerable<(JournalRow Row, Func<JournalEvent> Event)>> unpack)
    {
        long row = delivery <= 0 ? 1 : RowOf(delivery);
        byte[]? before = row == 1 ? Envelope.Beginning.ToArray() : null;
        long next = row;
        foreach ((JournalRow found, Func<JournalEvent> unpacked) in unpack(_store.Rows(Stream, row)))
        {
            if (found.Sequence != next)
            {
                throw DamagedJournalException.Of(Stream, next, "it is missing");
            }

            JournalEvent decoded = unpacked();
            if (before is not null && !Envelope.ChecksumBefore(found).SequenceEqual(before))
            {
                throw DamagedJournalException.Of(Stream, next, "it does not follow the row before it");
            }

            before = Envelope.ChecksumOf(found).ToArray();
            next++;
            yield return decoded;
        }

        if (next <= LastRow)
        {
            throw DamagedJournalException.Of(Stream, next, "it is missing");
        }
    }

    /// <summary>All checkpoints, in order.</summary>
    public IEnumerable<Checkpoint> Checkpoints() =>
        _store.Rows(Stream, [Checkpoint.Word]).Select(row => (Checkpoint)Decode(row, Started.Registry));

    /// <summary>Where it went on after it had been cut off.</summary>
    public IEnumerable<RunResumed> Resumptions() =>
        _store.Rows(Stream, [RunResumed.Word]).Select(row => (RunResumed)Decode(row, Started.Registry));

    /// <summary>The last delivery that is there.</summary>
    public long Deliveries() => Ended?.Statistics.Turns ?? DeliveryUpTo(LastRow);

    /// <summary>The latest snapshot at or before a delivery that is whole; null when there is none.</summary>
    public MachineStateTaken? NearestSnapshot(long delivery)
    {
        foreach ((long row, _) in Snapshots().Reverse())
        {
            try
            {
                if (DeliveryUpTo(row) <= delivery && OpenSnapshot(row) is var state && state.Delivery <= delivery)
                {
                    return state;
                }
            }
            catch (DamagedJournalException)
            {
                // An earlier one leads to the same state, only later.
            }
        }

        return null;
    }

    /// <summary>Where snapshots lie, in order, and what each takes.</summary>
    public IReadOnlyList<(long Row, long Bytes)> Snapshots() => _store.SnapshotSizes(Stream);

    /// <summary>The last delivery in a row or before it: a snapshot behind the row is of that delivery.</summary>
    public long DeliveryUpTo(long row)
    {
        for (; row > 0; row--)
        {
            if (RangeOf(row) is (_, var last))
            {
                return last;
            }
        }

        return 0;
    }

    /// <summary>Opens one of the <see cref="Snapshots"/>.</summary>
    /// <exception cref="DamagedJournalException">It is not what was written.</exception>
    public MachineStateTaken OpenSnapshot(long row)
    {
        SnapshotRow? Find(long sequence) => _store.Snapshots(Stream, sequence).FirstOrDefault(found => found.Sequence == sequence);

        return SnapshotEncoder.Decode(Find(row) ?? throw DamagedJournalException.Of(Stream, row, "its snapshot is missing"), Find);
    }

    /// <summary>Adds a snapshot to a run that was recorded before.</summary>
    /// <param name="state">The state after the last delivery of a batch.</param>
    /// <param name="row">The row of that batch.</param>
    /// <param name="encoder">The same for all that are added.</param>
    /// <param name="clock">Says when.</param>
    /// <exception cref="JournalStorageException">Somebody else is writing, or nobody can.</exception>
    /// <returns>Its bytes.</returns>
    public long AddSnapshot(MachineStateTaken state, long row, SnapshotEncoder encoder, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(clock);
        SnapshotRow encoded = encoder.Encode(state, Stream, row, clock.GetUtcNow().UtcTicks);
        using IJournalAppender appender = _store.OpenWriter(Stream, Durability.Relaxed);
        appender.Commit([], [encoded]);
        return encoded.Snapshot.Length;
    }

    /// <summary>Removes all snapshots; the run loses nothing by it.</summary>
    public void DropSnapshots() => _store.DeleteSnapshots(Stream);

    /// <summary>The batch that holds a delivery.</summary>
    /// <exception cref="DamagedJournalException">Its row is damaged, or no row holds it.</exception>
    public DeliveryBatch BatchOf(long delivery)
    {
        return Events(delivery).OfType<DeliveryBatch>().FirstOrDefault() is { } batch && batch.First <= delivery && batch.LastDelivery >= delivery
            ? batch
            : throw DamagedJournalException.Of(Stream, RowOf(delivery), FormattableString.Invariant($"delivery {delivery} is not in it"));
    }

    /// <summary>The row that holds a delivery and the last delivery in it; null when no row does.</summary>
    public (long Row, long Last)? EndOfBatch(long delivery)
    {
        for (long row = RowOf(delivery); row <= LastRow; row++)
        {
            if (RangeOf(row) is (var first, var last))
            {
                return first <= delivery && last >= delivery ? (row, last) : null;
            }
        }

        return null;
    }

    /// <summary>The row of the batch that holds a delivery, or one before it that is no batch, or the last row when none does: a binary search over the rows' heads.</summary>
    public long RowOf(long delivery)
    {
        long low = 1;
        long high = LastRow;
        while (low < high)
        {
            long middle = low + ((high - low) / 2);

            // Rows that are no batches say nothing; the next batch behind them decides.
            long probe = middle;
            (long First, long Last)? range = null;
            while (probe <= high && (range = RangeOf(probe)) is null)
            {
                probe++;
            }

            if (range is null || range.Value.Last >= delivery)
            {
                high = middle;
            }
            else
            {
                low = probe + 1;
            }
        }

        return low;
    }

    private (long First, long Last)? RangeOf(long row)
    {
        (string manifest, byte[] head) = _store.Head(Stream, row, HeadBytes) ?? throw DamagedJournalException.Of(Stream, row, "it is missing");
        try
        {
            return manifest switch
            {
                DeliveryBatch.Word => DeliveryBatch.RangeOf(Envelope.BodyOf(head)),
                BoundaryBatch.Word => BoundaryBatch.RangeOf(Envelope.BodyOf(head)),
                _ => null,
            };
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            throw DamagedJournalException.Of(Stream, row, $"it cannot be read as {manifest}: {error.Message}", error);
        }
    }

    internal static JournalEvent Decode(JournalRow row, MessageRegistry? messages)
    {
        ReadOnlySpan<byte> body = Envelope.Open(row);
        try
        {
            return JournalEvent.Decode(row.Manifest, body, messages);
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            throw DamagedJournalException.Of(row.Stream, row.Sequence, $"it cannot be read as {row.Manifest}: {error.Message}", error);
        }
    }
}
