using ActorVmm.Journal.Events;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Replaying;
using ActorVmm.Runtime.Parallel;

namespace ActorVmm.Journal.Recording;

/// <summary>
/// Goes on with a run on several cores: it is replayed up to the tail, and there its machine is handed to a parallel host, which
/// goes on as it likes. Whoever listens hears one run.
/// </summary>
public sealed class BoundaryResumption : Resumption
{
    private readonly BoundaryRecorder _recorder;
    private HandedOverHost? _host;

    internal BoundaryResumption(RecordedRun run, JournalWriter writer, string kernel, TimeProvider clock)
        : base(run, writer, kernel, clock)
    {
        _recorder = new BoundaryRecorder(writer, Tail);
    }

    /// <inheritdoc/>
    public override bool HasStopped => _host?.Stop is not null || _recorder.HasStopped;

    private protected override IRunRecorder Recorder => _recorder;

    /// <inheritdoc/>
    public override IHost HostOf(HostOptions options, Func<HostOptions, IHost> hostOf)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(hostOf);
        IHost live = hostOf(options);
        _recorder.Attach(live);
        var recording = new BoundaryReader(Run);
        if (recording.IsEmpty)
        {
            GoLive();
            return live;
        }

        var replay = new ReplayHost(recording, new ReplayOptions(options));
        _host = new HandedOverHost(replay, live, Tail, turns => Replay(replay, turns), () => HandOver(replay, (ParallelHost)live));
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
        Writer.Append(new RunEnded { End = end, Stop = stop.Message, Now = _host.Now, Fingerprint = fingerprint, Statistics = _host.Statistics });
        Writer.Flush();
    }

    private static void HandOver(ReplayHost replay, ParallelHost live)
    {
        var machine = new MachineSnapshot();
        replay.Save(machine);
        live.Restore(machine);
    }

    private void Replay(ReplayHost replay, long turns)
    {
        try
        {
            replay.Run(until: null, turns);
        }
        catch (ReplayDivergedException difference)
        {
            throw Diverged(replay.Statistics.Turns + 1, difference.Actor, difference.Message);
        }
        catch (Exception cause) when (BoundaryReplayer.IsMisfit(cause))
        {
            throw Diverged(replay.Statistics.Turns + 1, ActorId.Outside, cause.Message);
        }
    }

    private protected override void GoLive()
    {
        _host?.HandOver();
        base.GoLive();
    }
}
