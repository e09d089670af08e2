using ActorVmm.Explorer.Strategies;

namespace ActorVmm.Explorer.Exploring;

/// <summary>Runs executions on one machine and keeps count: how they ended, and the first finding of each promise.</summary>
internal sealed class Runner(ExploredMachine machine, ExplorationOptions options)
{
    private readonly bool _runsTwice = options.RunsTwice;
    private readonly Dictionary<string, Finding> _findings = new(StringComparer.Ordinal);

    public ExploredMachine Machine => machine;

    public Tally Tally { get; set; } = new();

    /// <summary>What the executions came through; null when nobody asked.</summary>
    public CoverageCounter? Coverage { get; } = options.Covers ? new CoverageCounter(options.Setting.Model) : null;

    /// <summary>By the promise's name.</summary>
    public Dictionary<string, Finding> Findings => _findings;

    /// <summary>Runs one execution.</summary>
    /// <param name="strategy">Has begun it.</param>
    /// <param name="execution">Its number, from 0.</param>
    public ExecutionEnd Run(IStrategy strategy, long execution)
    {
        ExecutionEnd end = machine.Run(strategy);
        bool violating = machine.Violation is not null;
        Tally.Count(end, violating, machine.Turns);
        if (Tally.Sum is not null && end is (ExecutionEnd.Complete or ExecutionEnd.Stopped))
        {
            Tally.AddTrace(machine.Trace());
        }

        if (violating)
        {
            Remember(execution, machine.Violation!);
        }

        Coverage?.Count(machine);
        return end;
    }

    /// <summary>Takes the latest execution's picks again, if that was asked for.</summary>
    /// <exception cref="NondeterminismException">It was not the same again.</exception>
    public void RunAgain()
    {
        if (_runsTwice && machine.LatestEnd is (ExecutionEnd.Complete or ExecutionEnd.Stopped))
        {
            RunAgain(machine.LatestEnd);
        }
    }

    /// <summary>Takes the same picks again; whatever a turn depends on besides its inputs shows as a difference.</summary>
    private void RunAgain(ExecutionEnd end)
    {
        (Fingerprint state, int turns, Violation? violation, Schedule schedule) = (machine.Host.Fingerprint(machine.Machine.Shared), machine.Turns, machine.Violation, machine.Host.Recorded);
        ReplayStrategy replay = new(schedule);
        replay.Begin(0);
        ExecutionEnd again;
        try
        {
            again = machine.Run(replay);
        }
        catch (ScheduleMismatchException mismatch)
        {
            throw new NondeterminismException(schedule, mismatch.Message);
        }

        string? difference =
            again != end ? $"one ended as {end}, the other as {again}"
            : machine.Turns != turns ? FormattableString.Invariant($"{turns} turns and {machine.Turns}")
            : machine.Violation != violation ? "not the same promise broke in the same turn"
            : machine.Host.Fingerprint(machine.Machine.Shared) != state ? "some actor's inputs or state differ at the end"
            : null;
        if (difference is not null)
        {
            throw new NondeterminismException(schedule, difference);
        }
    }

    private void Remember(long execution, Violation violation)
    {
        if (!_findings.ContainsKey(violation.Specification))
        {
            _findings[violation.Specification] = new Finding(violation, machine.Host.Recorded, execution + 1, machine.Turns);
        }
    }
}
