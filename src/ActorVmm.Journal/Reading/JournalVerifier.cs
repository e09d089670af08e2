using ActorVmm.Journal.Events;
using ActorVmm.Journal.Snapshots;
using ActorVmm.Journal.Stores;

namespace ActorVmm.Journal.Reading;

/// <summary>How a run's stream was found.</summary>
public enum StreamCondition
{
    /// <summary>From beginning to end, unbroken.</summary>
    Whole,

    /// <summary>Unbroken, but without an end: the run was killed or is still going on. That is normal.</summary>
    CutOff,

    /// <summary>A row is missing or is not what was written.</summary>
    Damaged,
}

/// <summary>What verifying a run came to.</summary>
/// <param name="Stream">The run's stream; "" for the journal as a whole.</param>
/// <param name="Rows">Rows that are good, from the first on.</param>
/// <param name="Deliveries">Deliveries in them.</param>
/// <param name="Condition">How it was found.</param>
/// <param name="Row">The first row that is damaged or missing; 0 where none is, or where it is in no row.</param>
/// <param name="Words">What is wrong; "" where nothing is.</param>
public sealed record StreamVerdict(string Stream, long Rows, long Deliveries, StreamCondition Condition, long Row, string Words);

/// <summary>Walks the chain of every run, from its first row to its last, and looks whether the table itself agrees with its indices.</summary>
public sealed class JournalVerifier(IJournalStore store)
{
    /// <summary>Verifies every run, and what belongs to none.</summary>
    /// <exception cref="NewerJournalException">A row that a newer program wrote: nothing is said about it.</exception>
    public IReadOnlyList<StreamVerdict> VerifyAll()
    {
        var verdicts = new List<StreamVerdict>();
        try
        {
            var keys = store.ScanKeys().ToLookup(key => key.Stream, StringComparer.Ordinal);
            foreach (IGrouping<string, (string Stream, long Sequence, int Identifier)> rows in keys.OrderBy(rows => rows.Key, StringComparer.Ordinal))
            {
                if (rows.Key.StartsWith(JournalReader.Prefix, StringComparison.Ordinal))
                {
                    verdicts.Add(Verify(rows.Key, [.. rows.Select(row => row.Sequence)]));
                }
                else if (rows.Any(row => row.Identifier == Envelope.Serializer))
                {
                    verdicts.Add(new StreamVerdict(rows.Key, 0, 0, StreamCondition.Damaged, rows.Min(row => row.Sequence), $"{rows.Key}: rows of a run under a name that no run has"));
                }
            }
        }
        catch (DamagedJournalException damage)
        {
            verdicts.Add(new StreamVerdict(damage.Stream, 0, 0, StreamCondition.Damaged, damage.Row, damage.Message));
        }

        verdicts.AddRange(store.CheckStructure().Select(line => new StreamVerdict("", 0, 0, StreamCondition.Damaged, 0, $"{store.Name}: {line}")));
        return verdicts;
    }

    /// <summary>Verifies one run.</summary>
    public StreamVerdict Verify(string stream) =>
        Verify(stream, [.. store.ScanKeys().Where(key => string.Equals(key.Stream, stream, StringComparison.Ordinal)).Select(key => key.Sequence)]);

    private StreamVerdict Verify(string stream, long[] numbers)
    {
        long rows = 0;
        long deliveries = 0;
        bool ended = false;
        try
        {
            RecordedRun run = RecordedRun.Open(store, stream);
            foreach (JournalEvent next in run.Events())
            {
                if (ended)
                {
                    throw DamagedJournalException.Of(stream, rows + 1, "it comes after the end of the run");
                }

                deliveries = Follow(stream, rows + 1, next, deliveries);
                ended = next is RunEnded;
                rows++;
            }

            CompareWithTable(stream, numbers, rows);
            VerifySnapshots(stream);
            return new StreamVerdict(stream, rows, deliveries, ended ? StreamCondition.Whole : StreamCondition.CutOff, 0, "");
        }
        catch (DamagedJournalException damage)
        {
            return new StreamVerdict(stream, rows, deliveries, StreamCondition.Damaged, damage.Row, damage.Message);
        }
    }

    /// <summary>The number of the last delivery once an event is known; every delivery is in exactly one batch.</summary>
    private static long Follow(string stream, long row, JournalEvent next, long deliveries)
    {
        (long first, long last) = next switch
        {
            DeliveryBatch batch => (batch.First, batch.LastDelivery),
            BoundaryBatch batch => (batch.FirstDelivery, batch.LastDelivery),
            Checkpoint or RunResumed or RunEnded => (next.LastDelivery + 1, next.LastDelivery),
            _ => (deliveries + 1, deliveries),
        };
        return first == deliveries + 1
            ? last
            : throw DamagedJournalException.Of(stream, row, FormattableString.Invariant($"it goes on at delivery {first}, and the rows before end at {deliveries}"));
    }

    private static void CompareWithTable(string stream, long[] numbers, long rows)
    {
        Array.Sort(numbers);
        for (int i = 0; i < Math.Max(numbers.Length, rows); i++)
        {
            if (i >= numbers.Length || i >= rows || numbers[i] != i + 1)
            {
                throw DamagedJournalException.Of(stream, i + 1, "the table and its index do not agree about it");
            }
        }
    }

    private void VerifySnapshots(string stream)
    {
        foreach (SnapshotRow row in store.Snapshots(stream))
        {
            SnapshotEncoder.Decode(row, based => store.Snapshots(stream, based).FirstOrDefault(found => found.Sequence == based));
        }
    }
}
