using System.Diagnostics.CodeAnalysis;
using ActorVmm.Journal.Events;
using ActorVmm.Journal.Reading;
using ActorVmm.Runtime.Parallel;

namespace ActorVmm.Journal.Replaying;

/// <summary>
/// A run's boundaries as a <see cref="ReplayHost"/> wants them, piece by piece. At a checkpoint it pauses: there is no next piece until
/// <see cref="GoOn"/>.
/// </summary>
public sealed class PieceReader : IDisposable
{
    private readonly RecordedRun _run;
    private readonly IEnumerator<JournalEvent> _events;
    private BoundaryBatch? _ahead;
    private bool _ended;

    /// <param name="run">The run.</param>
    /// <param name="from">The first delivery wanted, from 1: the first piece holds it.</param>
    public PieceReader(RecordedRun run, long from = 1)
    {
        ArgumentNullException.ThrowIfNull(run);
        _run = run;
        _events = run.Events(from > 1 ? from : 0).GetEnumerator();
        Read = from - 1;
    }

    /// <summary>What the machine is after the pieces so far; null where that was not written down.</summary>
    public Checkpoint? Checkpoint { get; private set; }

    /// <summary>The last delivery of the pieces so far.</summary>
    public long Read { get; private set; }

    /// <summary>No piece goes beyond this delivery: the one that would is kept back.</summary>
    public long Most { get; set; } = long.MaxValue;

    /// <summary>Whether everything that was recorded has been handed over.</summary>
    public bool AtEnd => _ended && _ahead is null;

    /// <summary>Goes on behind a checkpoint.</summary>
    public void GoOn() => Checkpoint = null;

    /// <summary>The next piece; false at a checkpoint, where the next one would go too far, and at the end.</summary>
    public bool TryNext([NotNullWhen(true)] out ParallelRecord? piece)
    {
        while (_ahead is null && !_ended && Checkpoint is null)
        {
            Advance();
        }

        piece = Checkpoint is null && _ahead is { } ahead && ahead.LastDelivery <= Most ? ahead.Record : null;
        if (piece is not null)
        {
            Read = _ahead!.LastDelivery;
            _ahead = null;
        }

        return piece is not null;
    }

    public void Dispose() => _events.Dispose();

    private void Advance()
    {
        if (!_events.MoveNext())
        {
            _ended = true;
            return;
        }

        switch (_events.Current)
        {
            case BoundaryBatch batch when batch.FirstDelivery <= Read + 1 && batch.LastDelivery >= Read:
                _ahead = batch;
                break;
            case BoundaryBatch batch:
                throw new DamagedJournalException(
                    _run.Stream, 0, FormattableString.Invariant($"{_run.Stream}: delivery {Read + 1} is missing; a row holds {batch.FirstDelivery} to {batch.LastDelivery}"));
            case DeliveryBatch:
                throw new DamagedJournalException(_run.Stream, 0, $"{_run.Stream}: deliveries among the boundaries of a parallel run");
            case Checkpoint checkpoint when checkpoint.Delivery == Read:
                Checkpoint = checkpoint;
                break;
        }
    }
}
