using ActorVmm.Journal.Events;
using ActorVmm.Journal.Reading;
using ActorVmm.Runtime.Parallel;

namespace ActorVmm.Journal.Replaying;

/// <summary>
/// A run's boundaries as a <see cref="ReplayHost"/> wants them, piece by piece and from any delivery on.
/// </summary>
public sealed class BoundaryReader : IParallelRecording
{
    private readonly RecordedRun _run;

    /// <exception cref="JournalException">The run's rows are not what they should be.</exception>
    public BoundaryReader(RecordedRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        _run = run;
        BoundaryBatch? first = run.Events().OfType<BoundaryBatch>().FirstOrDefault();
        (IsEmpty, Cores) = (first is null, first?.Record.Cores ?? 1);
    }

    /// <summary>Whether nothing was recorded.</summary>
    public bool IsEmpty { get; }

    /// <inheritdoc/>
    public int Cores { get; }

    /// <inheritdoc/>
    public IEnumerable<ParallelPiece> From(long delivery)
    {
        long? last = null;
        foreach (JournalEvent next in _run.Events(delivery))
        {
            switch (next)
            {
                case BoundaryBatch batch when batch.Record.Cores == Cores && (last is null ? batch.FirstDelivery <= delivery + 1 : batch.FirstDelivery == last + 1):
                    last = batch.LastDelivery;
                    yield return new ParallelPiece(batch.FirstDelivery - 1, batch.Record);
                    break;
                case BoundaryBatch batch:
                    throw new DamagedJournalException(
                        _run.Stream, 0, FormattableString.Invariant($"{_run.Stream}: {batch.Record.Cores} cores from delivery {batch.FirstDelivery} to {batch.LastDelivery}, behind {Cores} cores up to {last ?? delivery}"));
                case DeliveryBatch:
                    throw new DamagedJournalException(_run.Stream, 0, $"{_run.Stream}: deliveries among the boundaries of a parallel run");
            }
        }
    }
}
