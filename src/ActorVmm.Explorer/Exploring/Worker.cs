using ActorVmm.Explorer.Dpor;
using ActorVmm.Explorer.Strategies;

namespace ActorVmm.Explorer.Exploring;

/// <summary>
/// Runs some of an exploration's executions on a machine of its own: of sampling strategies, those whose number leaves its own
/// number as a remainder, so that what is found does not depend on how many workers there are.
/// </summary>
internal sealed class Worker
{
    /// <summary>Executions between two looks at the budget, at most; fewer when they are long.</summary>
    private const int SchedulesBetweenReports = 64;
    private const int TurnsBetweenReports = 20_000;

    /// <summary>As many fingerprints as are kept; from then on new traces are not counted.</summary>
    private const int MostTraces = 4_000_000;

    private readonly ExplorationOptions _options;
    private readonly Budget _budget;
    private readonly int _number;
    private readonly int _workers;
    private readonly ExploredMachine _machine;
    private readonly IStrategy _strategy;
    private readonly DporStrategy? _dpor;
    private readonly KnownStates? _known;
    private readonly bool _counts;
    private readonly Dictionary<string, Finding> _findings = new(StringComparer.Ordinal);

    public Worker(ISubject subject, ExplorationOptions options, Budget budget, int number, int workers)
    {
        _options = options;
        _budget = budget;
        _number = number;
        _workers = workers;
        _machine = new ExploredMachine(subject, options.Setting, StrategyFactory.NeedsRecord(options));
        _strategy = StrategyFactory.Create(options, _machine);
        _dpor = _strategy as DporStrategy;
        _known = _strategy as KnownStates;
        _counts = options.CountsTraces && _dpor is null;
        Tally.Sum = options.SumsTraces && _dpor is not null ? default(Fingerprint) : null;
        if (options.From is { } from && _dpor is not null)
        {
            from.Resume(_dpor, Tally, _findings);
        }
    }

    public Tally Tally { get; } = new();

    public HashSet<Fingerprint> Traces { get; } = [];

    public HashSet<Fingerprint> ViolatingTraces { get; } = [];

    /// <summary>Distinct states seen; 0 when nobody looks.</summary>
    public int States => _known?.Count ?? 0;

    /// <summary>All of those as one fingerprint; null when nobody looks.</summary>
    public Fingerprint? StatesSum => _known is null ? null : Tally.SumOf(_known.States);

    public bool IsExhausted { get; private set; }

    public IEnumerable<Finding> Findings => _findings.Values;

    /// <summary>The part of the search that is behind us, from 0 to 1.</summary>
    public double Progress => IsExhausted ? 1 : _dpor?.Progress ?? 0;

    /// <summary>Where a search with nothing cut short can go on.</summary>
    public Checkpoint? Checkpoint() => _dpor is null || IsExhausted ? null : Exploring.Checkpoint.Take(_dpor, Tally, _findings.Values);

    public void Run()
    {
        long schedules = 0, turns = 0, violating = 0;
        long execution = _dpor is null ? _number : Tally.Schedules;
        bool ran = false;
        for (; _budget.Allows(execution); execution += _workers)
        {
            if (!_strategy.Begin(execution))
            {
                IsExhausted = _dpor is not null || _known is not null || _strategy is ReplayStrategy;
                return;
            }

            ran = true;
            bool broke = RunOne(execution);
            schedules++;
            turns += _machine.Turns;
            violating += broke ? 1 : 0;
            if (schedules == SchedulesBetweenReports || turns >= TurnsBetweenReports || (broke && _options.StopOnFirst))
            {
                _budget.Report(schedules, turns, violating, Estimate);
                (schedules, turns, violating) = (0, 0, 0);
            }
        }

        // A search that is stopped here goes on from where its next execution would begin.
        IsExhausted = _dpor is not null && ran && !_strategy.Begin(execution);
    }

    private double Estimate() => Progress is > 0 and var progress ? Tally.Complete / progress : 0;

    private bool RunOne(long execution)
    {
        ExecutionEnd end = _machine.Run(_strategy);
        bool violating = _machine.Violation is not null;
        Tally.Count(end, violating, _machine.Turns);
        if (Tally.Sum is not null && end is (ExecutionEnd.Complete or ExecutionEnd.Stopped))
        {
            Tally.AddTrace(_machine.Trace());
        }

        if (violating)
        {
            Remember(execution, _machine.Violation!);
        }

        if (_counts && Traces.Count < MostTraces && end != ExecutionEnd.CutOff)
        {
            Fingerprint trace = _machine.Trace();
            Traces.Add(trace);
            if (violating)
            {
                ViolatingTraces.Add(trace);
            }
        }

        if (_options.RunsTwice && end is (ExecutionEnd.Complete or ExecutionEnd.Stopped))
        {
            RunAgain(end);
        }

        return violating;
    }

    /// <summary>Takes the same picks again; whatever a turn depends on besides its inputs shows as a difference.</summary>
    private void RunAgain(ExecutionEnd end)
    {
        (Fingerprint state, int turns, Violation? violation, Schedule schedule) = (_machine.Host.Fingerprint(_machine.Machine.Shared), _machine.Turns, _machine.Violation, _machine.Host.Recorded);
        ReplayStrategy replay = new(schedule);
        replay.Begin(0);
        ExecutionEnd again;
        try
        {
            again = _machine.Run(replay);
        }
        catch (ScheduleMismatchException mismatch)
        {
            throw new NondeterminismException(schedule, mismatch.Message);
        }

        string? difference =
            again != end ? $"one ended as {end}, the other as {again}"
            : _machine.Turns != turns ? FormattableString.Invariant($"{turns} turns and {_machine.Turns}")
            : _machine.Violation != violation ? "not the same promise broke in the same turn"
            : _machine.Host.Fingerprint(_machine.Machine.Shared) != state ? "some actor's inputs or state differ at the end"
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
            _findings[violation.Specification] = new Finding(violation, _machine.Host.Recorded, execution + 1, _machine.Turns);
        }
    }
}
