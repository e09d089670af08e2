using ActorVmm.Actors;

namespace ActorVmm.Runtime.Tests;

/// <summary>
/// Runs every execution of a small machine by going back to a snapshot at every branch, and counts them by what they were:
/// executions that differ only in the order of concurrent turns have one fingerprint.
/// </summary>
internal sealed class EveryExecution
{
    private readonly SteppedHost _host;
    private readonly Func<bool> _violated;
    private readonly Dictionary<Fingerprint, bool> _traces = [];
    private readonly List<MachineSnapshot> _snapshots = [];

    public EveryExecution(SteppedHost host, Func<bool>? violated = null)
    {
        _host = host;
        _violated = violated ?? (() => false);
        Explore(0);
    }

    public long Executions { get; private set; }

    public int Traces => _traces.Count;

    public int Violating => _traces.Values.Count(violated => violated);

    private void Explore(int depth)
    {
        if (_host.DeliverableCount == 0)
        {
            Executions++;
            Fingerprint trace = _host.Fingerprint();
            bool violated = _violated();
            _traces.TryAdd(trace, violated);
            _traces[trace].ShouldBe(violated, "executions that differ only in the order of concurrent turns end alike");
            return;
        }

        if (_host.DeliverableCount == 1)
        {
            _host.Deliver(0);
            Explore(depth + 1);
            return;
        }

        while (_snapshots.Count <= depth)
        {
            _snapshots.Add(new MachineSnapshot());
        }

        _host.Save(_snapshots[depth]);
        for (int index = 0; index < _host.DeliverableCount; index++)
        {
            _host.Deliver(index);
            Explore(depth + 1);
            _host.Restore(_snapshots[depth]);
        }
    }
}
