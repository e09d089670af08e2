using ActorVmm.Journal.Events;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Recording;

namespace ActorVmm.Journal.Replaying;

/// <summary>Replays a run whose deliveries were recorded: every message is there, and every actor's chain is the same.</summary>
public sealed class RowReplayer : Replayer
{
    private const long Slice = 1 << 16;

    private readonly DeliveryReader _reader;
    private readonly RecordedHost _host;

    internal RowReplayer(RecordedRun run, MachineFactory machine)
        : base(run)
    {
        _reader = new DeliveryReader(run);
        RecordedHost? host = null;
        Fingerprint = machine(run.Started, options => host = new RecordedHost(options, _reader));
        _host = host ?? throw new InvalidOperationException("the factory made a machine without the host it was given");
    }

    public override IHost Host => _host;

    private protected override Func<Fingerprint> Fingerprint { get; }

    private protected override bool IsAtEnd => _reader.AtEnd;

    public override void Dispose() => _reader.Dispose();

    private protected override RunOutcome Go(long deliveries, Ticks? until)
    {
        RunOutcome outcome = _host.Run(until, Math.Min(deliveries - _host.Statistics.Turns, Slice));
        if (_host.Divergence is { } first)
        {
            Diverge(first);
        }
        else if (_reader.Checkpoint is { } checkpoint)
        {
            Compare(checkpoint);
            _reader.GoOn();
        }

        return outcome;
    }

    private protected override T While<T>(IReadOnlyList<long> underWay, IReadOnlyList<ActorId> onTheirWay, Func<T> look) => _host.While(underWay, onTheirWay, look);

    private protected override IReadOnlyList<ActorCheck> Checks() => new HostView(_host).Checks();
}
