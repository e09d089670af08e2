using ActorVmm.Journal.Events;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Replaying;
using ActorVmm.Journal.Stores;

namespace ActorVmm.Journal.Recording;

/// <summary>
/// Goes on with a run that was cut off, on a host that gives the same run whenever it begins again.
/// <para>
/// 1. It takes the stream's lock, and looks only then at what is there: nobody else goes on with it at the same time.
/// 2. The run is done again from its beginning. Each delivery is compared with its row, up to the last one that is durable; the machine
/// pauses at <see cref="PauseAt"/>, where a checkpoint says what it was.
/// 3. From there on it is recorded behind the last row, with a <see cref="RunResumed"/> in between. Until then nothing is written, so
/// whoever is killed in between has changed nothing.
/// </para>
/// </summary>
public sealed class Resumption : ITurnListener, IDisposable
{
    private readonly DeliveryReader _reader;
    private readonly IEnumerator<Checkpoint> _checkpoints;
    private readonly string _kernel;
    private readonly TimeProvider _clock;
    private ActorTable? _actors;
    private Checkpoint? _next;

    private Resumption(RecordedRun run, JournalWriter writer, string kernel, TimeProvider clock)
    {
        (Run, Writer, _kernel, _clock, Tail) = (run, writer, kernel, clock, writer.DurableThrough);
        Recorder = new JournalRecorder(writer, run.Started.Registry, run.Started.Messages, Tail + 1);
        _reader = new DeliveryReader(run);
        _checkpoints = run.Checkpoints().GetEnumerator();
        Advance();
    }

    public RecordedRun Run { get; }

    public JournalWriter Writer { get; }

    /// <summary>Records what comes behind the tail.</summary>
    public JournalRecorder Recorder { get; }

    /// <summary>The last delivery that was durable when the run was cut off.</summary>
    public long Tail { get; }

    /// <summary>Whether the run goes on: everything up to the tail is as it was.</summary>
    public bool IsLive { get; private set; }

    /// <summary>After which delivery the machine is to be looked at next; none when it goes on.</summary>
    public long PauseAt => IsLive ? long.MaxValue : Math.Min(Tail, _next?.Delivery ?? Tail);

    /// <param name="store">Where the run is.</param>
    /// <param name="stream">Its stream.</param>
    /// <param name="durability">When what is committed is safe.</param>
    /// <param name="kernel">The kernel that goes on.</param>
    /// <param name="clock">What the rows say about when they were written.</param>
    /// <exception cref="NoSuchRunException">The run has ended.</exception>
    /// <exception cref="JournalException">The store refuses: somebody else is writing, or its first or last row is damaged.</exception>
    public static Resumption Begin(IJournalStore store, string stream, Durability durability, string kernel, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(clock);
        JournalWriter writer = JournalWriter.GoOn(store, stream, durability, clock, out RecordedRun run);
        try
        {
            return new Resumption(run, writer, kernel, clock);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Says where the receivers' chains are found; before the first turn.</summary>
    public void Attach(IHost host)
    {
        _actors = (host as SequentialHost ?? throw new ArgumentException("only a run that is the same whenever it begins again can be gone on with", nameof(host))).Actors;
        Recorder.Attach(host);
        if (Tail == 0)
        {
            GoLive();
        }
    }

    /// <exception cref="RunDivergedException">The turn is not the one that was recorded.</exception>
    public void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox)
    {
        if (IsLive)
        {
            Recorder.Taken(in turn, in delivery, choices, outbox);
            return;
        }

        RecordedDelivery recorded = Next();
        string? difference =
            turn.Actor != recorded.Receiver ? $"the delivery was to {recorded.Receiver} and is to {turn.Actor}"
            : delivery.Sender != recorded.Sender ? $"the message was from {recorded.Sender} and is from {delivery.Sender}"
            : delivery.SenderCount != recorded.SenderCount ? FormattableString.Invariant($"it was its sender's message number {recorded.SenderCount} and is number {delivery.SenderCount}")
            : delivery.Now != recorded.Now ? FormattableString.Invariant($"the time was {recorded.Now.Value} and is {delivery.Now.Value}")
            : !choices.SequenceEqual(_reader.Choices) ? "the answers that its turn was given are not the recorded ones"
            : _reader.Differs(in delivery.Message) ?? _reader.Differs(in _actors![turn.Actor]);
        if (difference is not null)
        {
            throw new RunDivergedException(Run.Stream, new Divergence(turn.Number, turn.Actor, difference));
        }
    }

    /// <summary>The machine has paused; at the tail the run goes on.</summary>
    /// <param name="turns">After which turn.</param>
    /// <param name="fingerprint">What the machine is.</param>
    /// <exception cref="RunDivergedException">The machine is not what a checkpoint says.</exception>
    public void Paused(long turns, Func<Fingerprint> fingerprint)
    {
        ArgumentNullException.ThrowIfNull(fingerprint);
        for (; !IsLive && _next is { } checkpoint && checkpoint.Delivery == turns; Advance())
        {
            if (checkpoint.Fingerprint != fingerprint())
            {
                throw new RunDivergedException(Run.Stream, new Divergence(turns, ActorId.Outside, "the machine is not what the checkpoint after this delivery says"));
            }
        }

        if (!IsLive && turns == Tail)
        {
            GoLive();
        }
    }

    /// <summary>The run has ended by itself after so many turns.</summary>
    /// <exception cref="RunDivergedException">The recorded one went further.</exception>
    public void Ending(long turns)
    {
        if (!IsLive)
        {
            throw new RunDivergedException(
                Run.Stream, new Divergence(turns, ActorId.Outside, FormattableString.Invariant($"the run ends here, and the recorded one went on to delivery {Tail} at least")));
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _checkpoints.Dispose();
        Writer.Dispose();
    }

    private void GoLive()
    {
        // Rows behind the last delivery are links of the chain too.
        while (_reader.TryNext(out _) || _reader.Checkpoint is not null)
        {
            _reader.GoOn();
        }

        IsLive = true;
        Writer.Append(new RunResumed { Delivery = Tail, KernelVersion = _kernel, At = _clock.GetUtcNow().UtcTicks });
    }

    private RecordedDelivery Next()
    {
        RecordedDelivery recorded;
        while (!_reader.TryNext(out recorded))
        {
            if (_reader.Checkpoint is null)
            {
                throw DamagedJournalException.Of(Run.Stream, Run.LastRow, FormattableString.Invariant($"delivery {_reader.Next} is missing"));
            }

            _reader.GoOn();
        }

        return recorded;
    }

    private void Advance() => _next = _checkpoints.MoveNext() ? _checkpoints.Current : null;
}
