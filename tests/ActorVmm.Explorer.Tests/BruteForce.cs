namespace ActorVmm.Explorer.Tests;

/// <summary>
/// Counts by taking every order of deliveries, with nothing of the engine: at every state all deliveries are tried, and two
/// beginnings are the same when every actor has heard the same in the same order and the same is on its way.
/// </summary>
internal sealed class BruteForce : IChooser
{
    private readonly SubjectMachine _machine;
    private readonly List<MachineSnapshot> _snapshots = [];
    private readonly HashSet<(Fingerprint Past, Fingerprint Future)> _seen = [];
    private readonly Dictionary<Fingerprint, bool> _traces = [];
    private readonly MachineSnapshot _start = new();

    /// <summary>Answers of the turn under way: given ones, then zeros.</summary>
    private readonly List<Choice> _answers = [];
    private int _answered;

    public BruteForce(ISubject subject, DeliveryModel model, int timers = 1)
    {
        _machine = subject.Build(new SteppedOptions { Model = model, TimerFirings = timers, Chooser = this });
        _machine.Host.Save(_start);
        Explore(0);
    }

    public long Traces => _traces.Count;

    public IReadOnlyCollection<Fingerprint> Found => _traces.Keys;

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
            _answers.Clear();
            do
            {
                _answered = 0;
                List<Choice> given = Deliver(index, depth);
                host.Restore(_snapshots[depth]);
                Next(given);
            }
            while (_answers.Count > 0);
        }
    }

    int IChooser.Choose(in ChoicePoint point)
    {
        if (_answered == _answers.Count)
        {
            _answers.Add(new Choice(point.Alternatives, 0));
        }

        return _answers[_answered++].Answer;
    }

    private List<Choice> Deliver(int index, int depth)
    {
        try
        {
            _machine.Host.Deliver(index);
        }
        catch (MachineStoppedException)
        {
            Stops++;
            return [.. _answers];
        }

        List<Choice> given = [.. _answers];
        Explore(depth + 1);
        return given;
    }

    /// <summary>The answers after these, the last question fastest; none behind the last.</summary>
    private void Next(List<Choice> given)
    {
        _answers.Clear();
        _answers.AddRange(given);
        while (_answers.Count > 0 && _answers[^1].Answer + 1 == _answers[^1].Alternatives)
        {
            _answers.RemoveAt(_answers.Count - 1);
        }

        if (_answers.Count > 0)
        {
            _answers[^1] = _answers[^1] with { Answer = _answers[^1].Answer + 1 };
        }
    }

    /// <summary>Beginnings that end with a turn that throws.</summary>
    public long Stops { get; private set; }

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
