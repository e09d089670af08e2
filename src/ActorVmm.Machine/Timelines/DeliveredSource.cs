using ActorVmm.Actors;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Replaying;
using ActorVmm.Runtime;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Timelines;

/// <summary>A run that was recorded delivery by delivery on a host that decides anew each time: it is delivered as recorded.</summary>
internal sealed class DeliveredSource(RecordedRun run, Scenario scenario, TimeProvider clock) : RecordedSource(run, scenario, "recorded", clock)
{
    private readonly Recording _recording = new(run);

    public override void Restored(long delivery) => _recording.GoTo(delivery + 1);

    public override void Dispose()
    {
        _recording.Dispose();
        base.Dispose();
    }

    protected override IRestorableHost HostOf(HostOptions options) => new RecordedHost(options, _recording);

    protected override RunOutcome Go(Ticks? until, long turns)
    {
        RunOutcome outcome = base.Go(until, turns);
        return ((RecordedHost)Host).Divergence is { } divergence ? throw Diverged(divergence) : outcome;
    }

    /// <summary>A recording that can be taken to any of its deliveries, and does not pause at checkpoints.</summary>
    private sealed class Recording(RecordedRun run) : IRecording, IDisposable
    {
        private DeliveryReader _reader = new(run);

        public ReadOnlySpan<Choice> Choices => _reader.Choices;

        public ReadOnlySpan<ActorId> Births => _reader.Births;

        public void GoTo(long delivery)
        {
            if (_reader.Next != delivery)
            {
                _reader.Dispose();
                _reader = new DeliveryReader(run, delivery);
            }
        }

        public bool TryNext(out RecordedDelivery delivery)
        {
            while (!_reader.TryNext(out delivery))
            {
                if (_reader.Checkpoint is null)
                {
                    return false;
                }

                _reader.GoOn();
            }

            return true;
        }

        public bool TryMessage(out Message message) => _reader.TryMessage(out message);

        public string? Differs(in Message message) => _reader.Differs(in message);

        public string? Differs(in ActorCell cell) => _reader.Differs(in cell);

        public void Dispose() => _reader.Dispose();
    }
}
