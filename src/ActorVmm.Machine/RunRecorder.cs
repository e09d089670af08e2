using ActorVmm.Actors;
using ActorVmm.Machine.Metrics;
using ActorVmm.Machine.Summary;
using ActorVmm.Runtime;
using ActorVmm.Specifications;
using ActorVmm.Specifications.Judging;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine;

/// <summary>One run from beginning to end: puts the machine together, runs it, and says what it came to.</summary>
public sealed class RunRecorder
{
    /// <summary>Violations listed one by one; a broken machine breaks its promises again and again.</summary>
    private const int MostViolations = 100;

    private readonly RunPlan _plan;
    private readonly string _run;
    private readonly TimeProvider _clock;
    private readonly SpecificationSuite? _specifications;
    private readonly RunListeners _listeners;
    private readonly MachineRun _machineRun;
    private readonly long _began;
    private RunEnd _end = RunEnd.Interrupted;
    private TimeSpan _wall;

    /// <param name="plan">What to run.</param>
    /// <param name="run">The run's id.</param>
    /// <param name="clock">Measures the wall time; it decides nothing.</param>
    /// <param name="hostOf">Where the actors run; the deterministic host when left out.</param>
    public RunRecorder(RunPlan plan, string run, TimeProvider clock, Func<HostOptions, IHost>? hostOf = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(clock);
        _plan = plan;
        _run = run;
        _clock = clock;
        _began = clock.GetTimestamp();
        string[] metrics = [.. plan.Scenario.Expectations.SelectMany(expectation => expectation.Metrics), .. plan.Scenario.Lesson.SelectMany(line => line.Metrics)];
        _specifications = plan.Specifications ? new SpecificationSuite(plan.Scenario.Machine) : null;
        _listeners = new RunListeners(metrics, plan.Specifications);
        IEnumerable<IFactListener> listeners = _specifications is null ? _listeners.All : _listeners.All.Prepend(_specifications);
        Machine = MachineBuilder.Build(plan.Scenario, [.. listeners], hostOf);
        _machineRun = new MachineRun(Machine, plan.Until, clock);
    }

    public SimulatedMachine Machine { get; }

    /// <summary>After which turn <see cref="Run"/> comes back between slices for certain; whoever goes on with a recorded run looks there.</summary>
    public long PauseAt
    {
        get => _machineRun.PauseAt;
        set => _machineRun.PauseAt = value;
    }

    /// <summary>Runs until the scenario has ended and nothing is left to do, or until told to stop.</summary>
    /// <param name="stop">Stops the run within a slice of about 50 ms.</param>
    /// <param name="between">Called between slices.</param>
    public void Run(CancellationToken stop, Action<SimulatedMachine>? between = null)
    {
        RunState state = RunState.Going;
        while (state == RunState.Going && !stop.IsCancellationRequested)
        {
            state = _machineRun.Slice();
            between?.Invoke(Machine);
        }

        _end = state switch
        {
            RunState.Going => RunEnd.Interrupted,
            RunState.Quiescent => Machine.ScenarioEnded ? RunEnd.Finished : RunEnd.Stuck,
            RunState.TimeReached => RunEnd.TimeReached,
            RunState.Stuck => RunEnd.Stuck,
            RunState.BugCheck => RunEnd.BugCheck,
        };
        if (state == RunState.Quiescent)
        {
            _specifications?.Quiesced();
        }

        _wall = _clock.GetElapsedTime(_began);
    }

    /// <summary>What the run came to. Expectations are about a whole run: one that was interrupted is not judged by them.</summary>
    public RunSummary Summarize()
    {
        Census census = Census.Of(Machine);
        IReadOnlyList<BrokenPromise> violations = Violations();
        var metrics = new RunMetrics(
            Machine, census, violations.Count, _listeners, _specifications?.Sometimes.Select(situation => (situation.Name, situation.Count)) ?? []);
        return new RunSummary
        {
            Host = _plan.Host,
            Seed = _plan.Scenario.Seed,
            Run = _run,
            Input = new RunInput(_plan.Scenario.Path, _plan.Scenario.Sha256),
            End = _end,
            VirtualTime = census.Now,
            Turns = census.Host.Turns,
            Messages = census.Host.Messages,
            Faults = census.Faults,
            Pages = census.Pages,
            PeakPages = _listeners.Peaks,
            PagingFiles = census.PagingFiles,
            Commit = census.Commit,
            Processes = Census.ProcessesOf(Machine),
            Violations = violations,
            Expectations = _end == RunEnd.Interrupted ? [] : [.. _plan.Scenario.Expectations.Select(expectation => Judge(expectation, metrics))],
            Shown = _end == RunEnd.Interrupted ? [] : [.. _plan.Scenario.Questions.Select(question => ShownView.Of(question, Machine))],
            Lesson = _end == RunEnd.Interrupted ? [] : [.. _plan.Scenario.Lesson.Select(line => line.Tell(metrics))],
            SpecificationsAttached = _specifications is not null,
            Fingerprint = Machine.Fingerprint(),
            Wall = _wall,
        };
    }

    private JudgedExpectation Judge(Expectation expectation, RunMetrics metrics)
    {
        ExpectationResult result = expectation.Evaluate(metrics);
        return new JudgedExpectation(expectation.Text, result.Held, result.Explanation);
    }

    private List<BrokenPromise> Violations()
    {
        var broken = new List<BrokenPromise>();
        foreach (Violation violation in _specifications?.Violations ?? [])
        {
            broken.Add(new BrokenPromise(violation.Specification, violation.Words, violation.Turn.Number, violation.Turn.Now));
            if (broken.Count == MostViolations)
            {
                break;
            }
        }

        if (_machineRun.Stop is { } stop)
        {
            broken.Add(new BrokenPromise("BugCheck", stop.Message, stop.Turn, stop.Now));
        }

        if (_end == RunEnd.Stuck)
        {
            broken.Add(new BrokenPromise("EveryThreadEnds", "nothing is left to happen, but threads have not ended", Machine.Host.Statistics.Turns, Machine.Host.Now));
        }

        return broken;
    }
}
