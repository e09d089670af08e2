using ActorVmm.Journal.Events;
using ActorVmm.Journal.Messages;

namespace ActorVmm.Journal.Recording;

/// <summary>Records one run for a <see cref="IRunWriter"/>, on whatever host it is. What the journal throws stops the run.</summary>
public interface IRunRecorder
{
    /// <summary>Deliveries that have been heard of so far.</summary>
    long Deliveries { get; }

    /// <summary>
    /// Whether a turn has stopped the machine. It has left its traces there and is not recorded yet: what comes next is
    /// <see cref="End"/>, which tells of both.
    /// </summary>
    bool HasStopped { get; }

    /// <summary>Says whose run it is; before the first turn.</summary>
    void Attach(IHost host);

    /// <summary>Hands over what has come together, if that is much; between runs of the host.</summary>
    void Pause();

    /// <summary>Hands over all that is known, so that it becomes durable; between runs of the host.</summary>
    void HandOver();

    /// <summary>Writes down what the machine is now; between runs of the host.</summary>
    /// <param name="fingerprint">Of the whole run so far.</param>
    void Checkpoint(Fingerprint fingerprint);

    /// <summary>Ends the stream and waits until all of it is durable.</summary>
    /// <param name="fingerprint">Of the whole run.</param>
    /// <param name="end">How it ended, in a word.</param>
    void End(Fingerprint fingerprint, string end);
}

/// <summary>Chooses how a run is recorded.</summary>
public static class RunRecorders
{
    /// <param name="writer">Its stream has begun with <paramref name="started"/>.</param>
    /// <param name="started">What is run, and whether messages are written out.</param>
    public static IRunRecorder For(IRunWriter writer, RunStarted started)
    {
        ArgumentNullException.ThrowIfNull(started);
        return RecordsBoundaries(started) ? new BoundaryRecorder(writer) : new JournalRecorder(writer, started.Registry, started.Messages);
    }

    /// <summary>Whether the host itself keeps what is recorded; otherwise it is heard turn by turn.</summary>
    public static bool RecordsBoundaries(RunStarted started)
    {
        ArgumentNullException.ThrowIfNull(started);
        return started.Host is "parallel" && !started.Messages;
    }
}
