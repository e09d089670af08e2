namespace ActorVmm.Explorer.Tests;

/// <summary>
/// Counts by taking every order of deliveries, with nothing of the engine: at every state all deliveries are tried, and two
/// beginnings are the same when every actor has heard the same in the same order and the same is on its way.
/// </summary>
internal sealed class BruteForce
{
    private readonly SubjectMachine _machine;
    private readonly List<MachineSnapshot> _snapshots = [];
    private readonly HashSet<(Fingerprint Past, Fingerprint Future)> _seen = [];
    private readonly Dictionary<Fingerprint, bool> _traces = [];
    private readonly MachineSnapshot _start = new();

    public BruteForce(ISubject subject, DeliveryModel model, int timers = 1)
    {
        _machine = subject.Build(new SteppedOptions { Model = model, TimerFirings = timers });
        _machine.Host.Save(_start);
        Explore(0);
    }

    public long Traces => _traces.Count;

    public long Violating => _traces.Values.Count(violated => violated);

    private void Explore(int depth)
    {
        SteppedHost host = _machine.Host;
        if (!_seen.Add((host.Fingerprint(), host.StateFingerprint())))
        {
            return;
        }

        if (host.DeliverableCount == 0)
        {
            _traces[host.Fingerprint()] = IsViolated();
            return;
        }

        while (_snapshots.Count <= depth)
        {
            _snapshots.Add(new MachineSnapshot());
        }

        host.Save(_snapshots[depth]);
        for (int index = 0; index < host.DeliverableCount; index++)
        {
            host.Deliver(index);
            Explore(depth + 1);
            host.Restore(_snapshots[depth]);
        }
    }

    /// <summary>Takes the same way again from the beginning, for the judge to hear it all.</summary>
    private bool IsViolated()
    {
        SteppedHost host = _machine.Host;
        Schedule way = host.Recorded;
        host.Restore(_start);
        _machine.Judge.Begin();
        host.Replay(way);
        _machine.Judge.End(way.Steps.Length);
        return _machine.Judge.Violation is not null;
    }
}
