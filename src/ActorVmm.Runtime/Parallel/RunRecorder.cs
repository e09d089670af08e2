namespace ActorVmm.Runtime.Parallel;

/// <summary>
/// Keeps what was recorded until it is taken. Snapshots carry a mark of the place, so that a machine that goes back drops what it
/// takes back, and nothing else.
/// </summary>
internal sealed class RunRecorder
{
    private readonly List<ExternalInput> _inputs = [];
    private readonly List<(RecordedRun Run, object Mark)> _runs = [];
    private object _start = new();
    private int _ended;
    private bool _lacksInputs;

    /// <summary>The place after the latest recorded run.</summary>
    public object Mark => _runs.Count > 0 ? _runs[^1].Mark : _start;

    /// <summary>Whether something came from outside since the latest recorded run.</summary>
    public bool HasInputs => _inputs.Count > 0;

    public RecordPosition PositionAfter(long deliveries) => new(deliveries, _ended, _inputs.Count, InRun: false);

    public void Hear(in ExternalInput input) => _inputs.Add(input);

    public void End(CoreRecord[] cores, long turns, long now)
    {
        _runs.Add((new RecordedRun([.. _inputs], cores, turns, now), new object()));
        _inputs.Clear();
        _ended = turns > 0 ? 1 : _ended + 1;
    }

    public RecordedRun[] Take()
    {
        if (_lacksInputs)
        {
            throw new InvalidOperationException("the record lacks what came from outside before the snapshot that the machine was restored from");
        }

        RecordedRun[] runs = [.. _runs.Select(run => run.Run)];
        _start = Mark;
        _runs.Clear();
        return runs;
    }

    /// <summary>The machine is at another place: what follows is recorded as what follows there.</summary>
    /// <param name="mark">The mark that was there; null when it is not a place of this host.</param>
    /// <param name="position">Where that is.</param>
    public void GoTo(object? mark, in RecordPosition position)
    {
        ExternalInput[] heard = InputsAfter(mark, in position);
        int kept = _runs.FindIndex(run => run.Mark == mark) + 1;
        if (kept == 0 && mark != _start)
        {
            _start = new object();
        }

        _runs.RemoveRange(kept, _runs.Count - kept);
        _inputs.Clear();
        _inputs.AddRange(heard);
        _lacksInputs = heard.Length < position.Heard;
        _ended = position.Ended;
    }

    /// <summary>What had come from outside there since the latest recorded run; nothing when that is not known here.</summary>
    private ExternalInput[] InputsAfter(object? mark, in RecordPosition position)
    {
        bool beginning = _ended == 0 && position is { Deliveries: 0, Ended: 0 };
        int next = _runs.FindIndex(run => run.Mark == mark) + 1;
        if (next == 0 && mark != _start && !beginning)
        {
            return [];
        }

        IEnumerable<ExternalInput> inputs = next < _runs.Count ? _runs[next].Run.Inputs : _inputs;
        return [.. inputs.Take(position.Heard)];
    }
}
