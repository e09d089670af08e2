using ActorVmm.Journal.Events;
using ActorVmm.Journal.Reading;
using ActorVmm.Runtime.Parallel;

namespace ActorVmm.Journal.Replaying;

/// <summary>A recorded run's boundaries as a <see cref="ReplayHost"/> asks for them, row by row.</summary>
internal sealed class BoundaryRecording : IParallelRecording
{
    private readonly RecordedRun _run;

    /// <exception cref="JournalException">The run's rows are not what they should be.</exception>
    public BoundaryRecording(RecordedRun run)
    {
        _run = run;
        BoundaryBatch? first = run.Events().OfType<BoundaryBatch>().FirstOrDefault();
        (IsEmpty, Cores) = (first is null, first?.Record.Cores ?? 1);
    }

    /// <summary>Whether nothing was recorded.</summary>
    public bool IsEmpty { get; }

    public int Cores { get; }

    public IEnumerable<ParallelPiece> From(long delivery)
    {
        long before = 0;
        foreach (BoundaryBatch batch in _run.Events().OfType<BoundaryBatch>())
        {
            if (batch.FirstDelivery != before + 1)
            {
                throw new DamagedJournalException(_run.Stream, 0, FormattableString.Invariant($"{_run.Stream}: delivery {before + 1} is missing; a row begins at {batch.FirstDelivery}"));
            }

            if (batch.LastDelivery >= delivery)
            {
                yield return new ParallelPiece(before, batch.Record);
            }

            before = batch.LastDelivery;
        }
    }
}
