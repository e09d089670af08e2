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
    private readonly Runner _runner;
    private readonly IStrategy _strategy;
    private readonly DporStrategy? _dpor;
    private readonly IKeepsStates? _known;
    private readonly bool _counts;

    public Worker(ISubject subject, ExplorationOptions options, Budget budget, int number, int workers)
    {
        _options = options;
        _budget = budget;
        _number = number;
        _workers = workers;
        _runner = new Runner(new ExploredMachine(subject, options.Setting, StrategyFactory.NeedsRecord(options)), options);
        _strategy = StrategyFactory.Create(options, _runner.Machine);
        _dpor = _strategy as DporStrategy;
        _known = _strategy as IKeepsStates;
        _counts = options.CountsTraces && _dpor is null;
        Tally.Sum = options.SumsTraces && _dpor is not null ? default(Fingerprint) : null;
        if (options.From is { } from && _dpor is not null)
        {
            from.Restore(Tally, _runner.Findings);
            _dpor.RestorePath(from.Path);
        }
    }

    public Tally Tally => _runner.Tally;

    public HashSet<Fingerprint> Traces { get; } = [];

    public HashSet<Fingerprint> ViolatingTraces { get; } = [];

    public CoverageCounter? Coverage => _runner.Coverage;

    /// <summary>Distinct states seen; 0 when nobody looks.</summary>
    public int States => _known?.Count ?? 0;

    /// <summary>All of those as one fingerprint; null when nobody looks.</summary>
    public Fingerprint? StatesSum => _known is null ? null : Tally.SumOf(_known.States);

    public bool IsExhausted { get; private set; }

    public IEnumerable<Finding> Findings => _runner.Findings.Values;

    /// <summary>The part of the search that is behind us, from 0 to 1.</summary>
    public double Progress => IsExhausted ? 1 : _dpor?.Progress ?? 0;

    /// <summary>Where a search with nothing cut short can go on.</summary>
    public Checkpoint? Checkpoint() => _dpor is null || IsExhausted ? null : Exploring.Checkpoint.Take(_dpor, Tally, _runner.Findings.Values);

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
            turns += _runner.Machine.Turns;
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
        ExecutionEnd end = _runner.Run(_strategy, execution);
        bool violating = _runner.Machine.Violation is not null;
        if (_counts && Traces.Count < MostTraces && end != ExecutionEnd.CutOff)
        {
            Fingerprint trace = _runner.Machine.Trace();
            Traces.Add(trace);
            if (violating)
            {
                ViolatingTraces.Add(trace);
            }
        }

        _runner.RunAgain();
        return violating;
    }
}
