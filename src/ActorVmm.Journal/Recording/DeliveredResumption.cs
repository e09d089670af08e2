using ActorVmm.Journal.Replaying;
using ActorVmm.Journal.Reading;

namespace ActorVmm.Journal.Recording;

/// <summary>
/// Goes on with a run that was recorded delivery by delivery, on a host that decides anew each time: it is delivered as recorded up to
/// the tail, and there its machine is handed to such a host, which goes on as it likes. Whoever listens hears one run.
/// </summary>
public sealed class DeliveredResumption : Resumption
{
    private readonly JournalRecorder _recorder;
    private readonly DeliveryReader _reader;
    private HandedOverHost? _host;

    internal DeliveredResumption(RecordedRun run, JournalWriter writer, string kernel, TimeProvider clock)
        : base(run, writer, kernel, clock)
    {
        _recorder = new JournalRecorder(writer, run.Started.Registry, run.Started.Messages, Tail + 1);
        _reader = new DeliveryReader(run);
    }

    /// <inheritdoc/>
    public override bool HasStopped => _host?.Stop is not null || _recorder.HasStopped;

    private protected override IRunRecorder Recorder => _recorder;

    /// <inheritdoc/>
    public override IHost HostOf(HostOptions options, Func<HostOptions, IHost> hostOf)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(hostOf);
        IHost live = hostOf(options with { TurnListeners = [.. options.TurnListeners, _recorder] });
        _recorder.Attach(live);
        if (Tail == 0)
        {
            GoLive();
            return live;
        }

        var replay = new RecordedHost(options, _reader);
        _host = new HandedOverHost(replay, live, Tail, turns => Replay(replay, turns), () => ((IAdoptingHost)live).Adopt(replay));
        return _host;
    }

    /// <inheritdoc/>
    public override void End(Fingerprint fingerprint, string end)
    {
        if (IsLive)
        {
            base.End(fingerprint, end);
            return;
        }

        if (_host!.Stop is not { } stop || stop.Turn != Tail)
        {
            throw TooShort(_host.Statistics.Turns);
        }

        // The recorded run was cut off between the turn that threw and its end.
        base.GoLive();
        Writer.Append(new Events.RunEnded { End = end, Stop = stop.Message, Now = _host.Now, Fingerprint = fingerprint, Statistics = _host.Statistics });
        Writer.Flush();
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

        _host?.HandOver();
        base.GoLive();
    }

    private void Replay(RecordedHost replay, long turns)
    {
        long last = replay.Statistics.Turns + turns;
        while (replay.Run(until: null, last - replay.Statistics.Turns) == RunOutcome.Quiescent)
        {
            if (replay.Divergence is { } divergence)
            {
                throw Diverged(divergence.Delivery, divergence.Actor, divergence.Words);
            }

            if (_reader.Checkpoint is null)
            {
                throw DamagedJournalException.Of(Run.Stream, Run.LastRow, FormattableString.Invariant($"delivery {_reader.Next} is missing"));
            }

            _reader.GoOn();
        }
    }
}
