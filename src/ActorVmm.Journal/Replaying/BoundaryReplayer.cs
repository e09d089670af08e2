using ActorVmm.Journal.Events;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Recording;
using ActorVmm.Runtime.Parallel;

namespace ActorVmm.Journal.Replaying;

/// <summary>
/// Replays a run on several cores from the boundaries of its batches, on one thread or on several. Where it differs or stops on
/// several, nothing says which delivery of the run that was; so it is then done again on one.
/// </summary>
public sealed class BoundaryReplayer : Replayer
{
    /// <summary>Turns between two looks at whether to stop; on threads more, because they are started anew each time.</summary>
    private const long Slice = 1 << 16;

    private const long SliceOnThreads = 1 << 22;

    private readonly RecordedRun _run;
    private readonly MachineFactory _machine;
    private readonly ReplayHost _host;
    private readonly IEnumerator<Checkpoint> _checkpoints;
    private readonly bool _onThreads;
    private Checkpoint? _next;

    internal BoundaryReplayer(RecordedRun run, MachineFactory machine, int threads)
        : base(run)
    {
        (_run, _machine, _onThreads) = (run, machine, threads > 1);
        var reader = new BoundaryReader(run);
        _checkpoints = run.Checkpoints().GetEnumerator();
        Advance();
        ReplayHost? host = null;
        try
        {
            Fingerprint = machine(run.Started, options => host = new ReplayHost(reader, OptionsOf(options, threads)));
        }
        catch (Exception cause) when (host is not null && IsMisfit(cause))
        {
            throw new RunDivergedException(run.Stream, new Divergence(0, ActorId.Outside, cause.Message));
        }

        _host = host ?? throw new InvalidOperationException("the factory made a machine without the host it was given");
    }

    public override IHost Host => _host;

    private protected override Func<Fingerprint> Fingerprint { get; }

    private protected override bool IsAtEnd => _host.AtEnd;

    /// <inheritdoc/>
    public override ReplayResult Run(long deliveries = long.MaxValue, Ticks? until = null, CancellationToken stop = default)
    {
        ReplayResult result = base.Run(deliveries, until, stop);
        if (!_onThreads || (result.Verified && result.Stop.Length == 0))
        {
            return result;
        }

        using var again = new BoundaryReplayer(_run, _machine, threads: 1);
        return again.Run(deliveries, until, stop);
    }

    public override void Dispose() => _checkpoints.Dispose();

    private protected override RunOutcome Go(long deliveries, Ticks? until)
    {
        long turns = _host.Statistics.Turns;
        Checkpoint? next = _next;
        long most = Math.Min(deliveries, next?.Delivery ?? long.MaxValue) - turns;
        try
        {
            RunOutcome outcome = _host.Run(until, Math.Min(most, _onThreads ? SliceOnThreads : Slice));
            while (_next is { } checkpoint && checkpoint.Delivery <= _host.Statistics.Turns && Compare(checkpoint))
            {
                Advance();
            }

            if (outcome != RunOutcome.TimeReached && !IsAtEnd && _host.Statistics.Turns == turns && _next == next)
            {
                Diverge(new Divergence(turns + 1, ActorId.Outside, "the record says that the run goes on, and holds no turn"));
            }

            return outcome;
        }
        catch (ReplayDivergedException difference)
        {
            Diverge(difference.Divergence);
            return RunOutcome.Quiescent;
        }
        catch (Exception cause) when (IsMisfit(cause))
        {
            Diverge(new Divergence(_host.Statistics.Turns, ActorId.Outside, cause.Message));
            return RunOutcome.Quiescent;
        }
    }

    /// <summary>Between two pieces no turn is under way, and what is on its way to another core is on its way here too.</summary>
    private protected override T While<T>(IReadOnlyList<long> underWay, IReadOnlyList<ActorId> onTheirWay, Func<T> look) => look();

    private protected override IReadOnlyList<ActorCheck> Checks() => new HostView(_host).Checks();

    /// <summary>What a host throws that is told to do what its actors cannot: the record is of others, or is not what a host writes.</summary>
    internal static bool IsMisfit(Exception cause) =>
        cause is InvalidOperationException or FormatException or ArgumentException or OverflowException or IndexOutOfRangeException or OutOfMemoryException;

    private static ReplayOptions OptionsOf(HostOptions options, int threads)
    {
        const int Hasty = 64;
        var replay = new ReplayOptions(options) { Threads = threads };
        return threads > Environment.ProcessorCount ? replay with { Looks = Hasty } : replay;
    }

    private void Advance() => _next = _checkpoints.MoveNext() ? _checkpoints.Current : null;
}
