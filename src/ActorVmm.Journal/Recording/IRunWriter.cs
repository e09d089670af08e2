using ActorVmm.Journal.Events;

namespace ActorVmm.Journal.Recording;

/// <summary>
/// Writes one run's stream beside the run, in the order in which it is told. What is acknowledged is durable; once anything has failed,
/// nothing more is acknowledged, and the next call tells the run, which stops.
/// </summary>
public interface IRunWriter : IDisposable
{
    /// <summary><c>run/</c> and the run's id.</summary>
    string Stream { get; }

    /// <summary>Every delivery up to this one survives whatever happens to this process: the acknowledgement.</summary>
    long DurableThrough { get; }

    /// <summary>Bytes of all rows and snapshots committed.</summary>
    long BytesWritten { get; }

    /// <summary>Those of them that are snapshots'.</summary>
    long SnapshotBytesWritten { get; }

    /// <summary>Called with a batch that is written and can be filled again, on a thread of the writer's.</summary>
    Action<DeliveryBatch>? Recycle { get; set; }

    /// <summary>Hands an event over; it belongs to the writer from now on. Waits while too many wait.</summary>
    /// <exception cref="JournalException">The journal has failed.</exception>
    void Append(JournalEvent next);

    /// <summary>Waits until everything handed over is durable.</summary>
    /// <exception cref="JournalException">It is not, and will not be.</exception>
    void Flush();
}
