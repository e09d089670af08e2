using ActorVmm.Explorer.Dpor;
using ActorVmm.Explorer.Exploring;

namespace ActorVmm.Explorer.Sharing;

/// <summary>Works on parts of a shared search, one after the other, on a machine of its own. It knows nothing of threads and networks.</summary>
public sealed class PartWorker
{
    /// <summary>Executions of a part after which it is told of, at most; of a part that has just begun after fewer.</summary>
    private const long SchedulesBetweenReports = 64;
    private const long TurnsBetweenReports = 20_000;

    private readonly Runner _runner;
    private readonly bool _sums;
    private readonly List<StoredFinding> _newFindings = [];
    private DporStrategy? _strategy;
    private SearchPart _part = new();
    private long _ran;
    private bool _tellsTaken;

    /// <param name="subject">What is explored; the same as everywhere in the search.</param>
    /// <param name="options">How.</param>
    public PartWorker(ISubject subject, ExplorationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _runner = new Runner(new ExploredMachine(subject, options.Setting, recorded: true), options);
        _sums = options.SumsTraces;
    }

    /// <summary>What its executions came through; null when nobody asked.</summary>
    internal CoverageCounter? Coverage => _runner.Coverage;

    /// <summary>Takes a part; the one before, if any, is done or given back.</summary>
    public void Begin(SearchPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        _part = part;
        _strategy = new DporStrategy(_runner.Machine, part);
        _tellsTaken = part.Shared > 0 && part.Path.Count == part.Shared;
        _ran = 0;
        Recount();
        _strategy.Begin(0);
    }

    /// <summary>Runs the next execution of the part.</summary>
    /// <param name="execution">Its number in the exploration, from 0.</param>
    /// <param name="order">What the search said last.</param>
    /// <returns>What the search is to be told now; null when that can wait.</returns>
    /// <exception cref="NondeterminismException">The execution was run twice and was not the same again.</exception>
    public PartReport? Run(long execution, PartOrder order)
    {
        DporStrategy strategy = _strategy ?? throw new InvalidOperationException("there is no part to work on");
        int known = _runner.Findings.Count;
        _runner.Run(strategy, execution);
        if (_runner.Findings.Count > known)
        {
            _newFindings.Add(StoredFinding.Of(_runner.Findings[_runner.Machine.Violation!.Specification]));
        }

        _runner.RunAgain();
        strategy.Sheds = order.Sheds;
        bool isDone = !strategy.Begin(execution);
        _ran++;
        bool due = 2 * _runner.Tally.Schedules >= Math.Min(_ran, 2 * SchedulesBetweenReports) || _runner.Tally.Turns >= TurnsBetweenReports;
        return isDone || due || _tellsTaken || strategy.Shed.Count > 0 || _newFindings.Count > 0 ? Report() with { IsDone = isDone } : null;
    }

    /// <summary>Gives the part back.</summary>
    public PartReport GiveBack() => Report() with { Left = Standing(), IsGivenBack = true };

    private PartReport Report()
    {
        DporStrategy strategy = _strategy!;
        bool sheds = strategy.Shed.Count > 0;
        PartReport report = new()
        {
            Part = _part.Number,
            Taken = _tellsTaken && _ran > 0 ? strategy.TakenAt(_part.Shared - 1) : null,
            Races = strategy.TakeOutward(),
            Shed = strategy.Shed,
            Counts = PartCounts.Of(_runner.Tally),
            Findings = [.. _newFindings],
            Progress = strategy.Progress,
            Left = sheds ? Standing() : null,
        };
        _tellsTaken &= _ran == 0;
        strategy.Shed = [];
        _newFindings.Clear();
        Recount();
        return report;
    }

    private SearchPart Standing() => new() { Number = _part.Number, Shared = _strategy!.Shared, Path = _strategy.SavePath() };

    private void Recount() => _runner.Tally = new Tally { Sum = _sums ? default(Fingerprint) : null };
}
