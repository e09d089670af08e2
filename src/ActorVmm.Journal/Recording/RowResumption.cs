using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Replaying;

namespace ActorVmm.Journal.Recording;

/// <summary>
/// Goes on with a run that was recorded delivery by delivery, on a host that gives the same run whenever it begins again: each
/// delivery is compared with its row.
/// </summary>
public sealed class RowResumption : Resumption, ITurnListener
{
    private readonly DeliveryReader _reader;
    private readonly JournalRecorder _recorder;
    private SequentialHost? _host;

    internal RowResumption(RecordedRun run, JournalWriter writer, string kernel, TimeProvider clock)
        : base(run, writer, kernel, clock)
    {
        if (run.Started.Host is not "deterministic")
        {
            throw new NoSuchRunException($"run {run.Id} was recorded delivery by delivery on the {run.Started.Host} host, which would not give the same run again: it cannot be gone on with");
        }

        _recorder = new JournalRecorder(writer, run.Started.Registry, run.Started.Messages, Tail + 1);
        _reader = new DeliveryReader(run);
    }

    private protected override IRunRecorder Recorder => _recorder;

    /// <inheritdoc/>
    public override IHost HostOf(HostOptions options, Func<HostOptions, IHost> hostOf)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(hostOf);
        IHost host = hostOf(options with { TurnListeners = [.. options.TurnListeners, this] });
        _recorder.Attach(host);
        _host = (SequentialHost)host;
        if (Tail == 0)
        {
            GoLive();
        }

        return host;
    }

    /// <exception cref="RunDivergedException">The turn is not the one that was recorded.</exception>
    public void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox)
    {
        if (IsLive)
        {
            _recorder.Taken(in turn, in delivery, choices, outbox);
            return;
        }

        RecordedDelivery recorded = Next();
        string? difference =
            turn.Actor != recorded.Receiver ? $"the delivery was to {recorded.Receiver} and is to {turn.Actor}"
            : delivery.Sender != recorded.Sender ? $"the message was from {recorded.Sender} and is from {delivery.Sender}"
            : delivery.SenderCount != recorded.SenderCount ? FormattableString.Invariant($"it was its sender's message number {recorded.SenderCount} and is number {delivery.SenderCount}")
            : delivery.Now != recorded.Now ? FormattableString.Invariant($"the time was {recorded.Now.Value} and is {delivery.Now.Value}")
            : !choices.SequenceEqual(_reader.Choices) ? "the answers that its turn was given are not the recorded ones"
            : _reader.Differs(in delivery.Message) ?? _reader.Differs(in _host!.Actors[turn.Actor]);
        if (difference is not null)
        {
            throw Diverged(turn.Number, turn.Actor, difference);
        }
    }

    /// <inheritdoc/>
    public override void End(Fingerprint fingerprint, string end)
    {
        if (!IsLive && _host!.Stop is { } stop && stop.Turn == Tail)
        {
            if (stop.Delivery is { } last && _reader.Next == Tail)
            {
                // The last row is that of the turn that threw, which no listener hears of.
                Taken(new TurnStamp(stop.Actor, last.Now, stop.Turn), in last, [], null!);
            }

            GoLive();
        }

        if (!IsLive)
        {
            throw TooShort(_host!.Statistics.Turns);
        }

        base.End(fingerprint, end);
    }

    public override void Dispose()
    {
        _reader.Dispose();
        base.Dispose();
    }

    private protected override void GoLive()
    {
        // Rows behind the last delivery are links of the chain too.
        while (_reader.TryNext(out _) || _reader.Checkpoint is not null)
        {
            _reader.GoOn();
        }

        base.GoLive();
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
}
