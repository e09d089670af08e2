using ActorVmm.Explorer.Dpor;
using ActorVmm.Explorer.Exploring;
using ActorVmm.Explorer.Strategies;

namespace ActorVmm.Explorer.Shrinking;

/// <summary>
/// Makes a finding as short and as orderly as it gets while it breaks the same promise: only what led to the broken promise,
/// then turn after turn left out, then as much as possible in the order of sending. What remains is 1-minimal: leaving out any
/// one turn, with those that hear of it, keeps the promise.
/// </summary>
public sealed class Shrinker
{
    /// <summary>Turns of the longest execution that is put in order: every pair of turns is tried.</summary>
    private const int MostInOrder = 64;

    private readonly ExploredMachine _machine;
    private readonly ScriptedStrategy _script = new();

    public Shrinker(ISubject subject, ExecutionSetting setting) => _machine = new ExploredMachine(subject, setting, recorded: true);

    /// <summary>The machine, as the latest execution left it: after <see cref="Shrink"/> the shrunk one.</summary>
    public ExploredMachine Machine => _machine;

    /// <summary>Shrinks a finding.</summary>
    /// <exception cref="ScheduleMismatchException">The finding's schedule is not one of this subject.</exception>
    public ShrunkFinding Shrink(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        string promise = finding.Violation.Specification;
        ReplayStrategy replay = new(finding.Schedule);
        replay.Begin(0);
        _machine.Run(replay);
        if (_machine.Violation is not { } violation || !string.Equals(violation.Specification, promise, StringComparison.Ordinal))
        {
            throw new ScheduleMismatchException($"the schedule does not break \"{promise}\" here");
        }

        List<ScriptedStep> steps = ScriptedStep.Of(_machine.Record, (int)violation.Turn);
        bool stopped = violation.Turn > _machine.Record.Count;
        bool atEnd = violation.IsAtEnd;
        if (!atEnd && !stopped)
        {
            KeepPast(ref steps, promise);
        }

        if (!stopped)
        {
            LeaveOut(ref steps, atEnd, promise);
            PutInOrder(ref steps, atEnd, promise);
            Breaks(steps, atEnd, promise);
        }
        else
        {
            replay.Begin(0);
            _machine.Run(replay);
        }

        return new ShrunkFinding(_machine.Violation!, _machine.Host.Recorded, _machine.Turns, atEnd);
    }

    /// <summary>Whether the given messages, delivered in that order, break the promise.</summary>
    internal bool Breaks(IEnumerable<ScriptedStep> steps, bool goesOn, string promise)
    {
        _script.Follow(steps, goesOn);
        _machine.Run(_script);
        return _machine.Violation is { } violation && string.Equals(violation.Specification, promise, StringComparison.Ordinal);
    }

    private void KeepPast(ref List<ScriptedStep> steps, string promise)
    {
        HappensBefore order = new(_machine.Setting.Model);
        order.Compute(_machine.Record);
        int last = (int)_machine.Violation!.Turn - 1;
        List<ScriptedStep> past = [];
        for (int turn = 0; turn <= last; turn++)
        {
            if (order.IsBefore(turn, last))
            {
                past.Add(steps[turn]);
            }
        }

        if (past.Count < steps.Count && Breaks(past, goesOn: false, promise))
        {
            steps = Taken();
        }
    }

    /// <summary>Leaves turns out, many at a time and then one by one, from the last on, until no one can go.</summary>
    private void LeaveOut(ref List<ScriptedStep> steps, bool goesOn, string promise)
    {
        if (goesOn)
        {
            return;
        }

        for (int size = Math.Max(1, steps.Count / 2); size > 1; size /= 2)
        {
            LeaveOut(ref steps, size, promise);
        }

        while (LeaveOut(ref steps, 1, promise))
        {
        }
    }

    private bool LeaveOut(ref List<ScriptedStep> steps, int size, string promise)
    {
        bool shorter = false;
        for (int at = steps.Count - size; at >= 0; at -= size)
        {
            List<ScriptedStep> fewer = [.. steps[..at], .. steps[(at + size)..]];
            if (Breaks(fewer, goesOn: false, promise))
            {
                steps = Taken();
                at = Math.Min(at, steps.Count);
                shorter = true;
            }
        }

        return shorter;
    }

    /// <summary>Takes what is oldest instead, wherever that breaks the promise in no more turns.</summary>
    private void PutInOrder(ref List<ScriptedStep> steps, bool goesOn, string promise)
    {
        if (steps.Count > MostInOrder)
        {
            return;
        }

        Breaks(steps, goesOn, promise);
        int overtakings = Overtakings();
        for (int at = 0; at < steps.Count; at++)
        {
            for (int later = at + 1; later < steps.Count; later++)
            {
                List<ScriptedStep> other = [.. steps];
                other.RemoveAt(later);
                other.Insert(at, steps[later]);
                if (Breaks(other, goesOn, promise) && _machine.Turns <= steps.Count && Overtakings() < overtakings)
                {
                    steps = Taken();
                    overtakings = Overtakings();
                }
            }
        }
    }

    /// <summary>What the latest execution delivered up to the broken promise.</summary>
    private List<ScriptedStep> Taken() => ScriptedStep.Of(_machine.Record, (int)_machine.Violation!.Turn);

    private int Overtakings()
    {
        int sum = 0;
        foreach (int step in _machine.Host.Recorded.Steps)
        {
            sum += step;
        }

        return sum;
    }
}

/// <summary>A finding that cannot be made shorter by leaving out a turn.</summary>
/// <param name="Violation">Which promise breaks, and in which turn.</param>
/// <param name="Schedule">Shows it.</param>
/// <param name="Turns">How many turns it takes.</param>
/// <param name="BreaksAtEnd">The promise is one about the end, when everything has come to rest.</param>
public sealed record ShrunkFinding(Violation Violation, Schedule Schedule, int Turns, bool BreaksAtEnd);
