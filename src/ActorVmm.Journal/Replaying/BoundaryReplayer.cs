using ActorVmm.Journal.Events;
using ActorVmm.Journal.Reading;
using ActorVmm.Runtime.Parallel;

namespace ActorVmm.Journal.Replaying;

/// <summary>
/// Replays a run on several cores from the boundaries of its batches, on one thread or on several. Where it differs or stops on
/// several, nothing says which delivery of the run that was; so it is then done again on one.
/// </summary>
public sealed class BoundaryReplayer : Replayer
{
    private const long Slice = 1 << 16;

    private readonly RecordedRun _run;
    private readonly PieceReader _reader;
    private readonly ReplayHost _host;
    private Divergence? _divergence;

    internal BoundaryReplayer(RecordedRun run, MachineFactory machine, int threads)
        : base(run)
    {
        _run = run;
        _reader = new PieceReader(run);
        var pieces = new List<ParallelRecord>();
        while (!_reader.AtEnd)
        {
            if (_reader.TryNext(out ParallelRecord? piece))
            {
                pieces.Add(piece);
            }

            _reader.GoOn();
        }

        ReplayHost? host = null;
        try
        {
            Fingerprint = machine(run.Started, options => host = new ReplayHost(ParallelRecord.Join(pieces), new ReplayOptions(options) { Threads = threads }));
        }
        catch (Exception cause) when (host is not null && IsMisfit(cause))
        {
            throw new RunDivergedException(run.Stream, new Divergence(0, ActorId.Outside, cause.Message));
        }

        _host = host ?? throw new InvalidOperationException("the factory made a machine without the host it was given");
    }

    public override IHost Host => _host;

    private protected override Func<Fingerprint> Fingerprint { get; }

    private protected override Checkpoint? Checkpoint => _reader.Checkpoint;

    public override void Dispose() => _reader.Dispose();

    private protected override RunOutcome Go(long deliveries, Ticks? until)
    {
        try
        {
            return _host.Run(until, Math.Min(deliveries - _host.Statistics.Turns, Slice));
        }
        catch (ReplayDivergedException difference)
        {
            _divergence = difference.Divergence;
            return RunOutcome.Quiescent;
        }
        catch (Exception cause) when (IsMisfit(cause))
        {
            _divergence = new Divergence(_host.Statistics.Turns + 1, ActorId.Outside, cause.Message);
            return RunOutcome.Quiescent;
        }
    }

    /// <summary>What a host throws that is told to do what its actors cannot: the record is of others, or is not what a host writes.</summary>
    internal static bool IsMisfit(Exception cause) =>
        cause is InvalidOperationException or FormatException or ArgumentException or OverflowException or IndexOutOfRangeException or OutOfMemoryException;

    private protected override Divergence? FindDivergence() => _divergence;

    private protected override bool IsAtEnd() => _host.AtEnd;

    private protected override void GoOn() => _reader.GoOn();

    /// <summary>Between two pieces nothing is under way.</summary>
    private protected override T While<T>(IReadOnlyList<long> underWay, Func<T> look) => look();

    private protected override IReadOnlyList<ActorCheck> Checks() => [];
}
