using ActorVmm.Explorer.Sharing;
using ActorVmm.Explorer.Strategies;

namespace ActorVmm.Explorer.Exploring;

/// <summary>Runs executions of one subject until its budget is used up or nothing is left, and says what it came to.</summary>
public sealed class Exploration(ISubject subject, ExplorationOptions options)
{
    private readonly Budget _budget = new(options);

    /// <summary>Explores.</summary>
    /// <param name="cancellation">Ends it early; what has been found is returned.</param>
    /// <exception cref="NondeterminismException">An execution was run twice and was not the same again.</exception>
    /// <param name="progress">Told a few times a second how far it has come; may be called from any thread, by one at a time.</param>
    public ExplorationResult Run(CancellationToken cancellation = default, Action<ExplorationProgress>? progress = null)
    {
        if (options.Strategy == StrategyKind.Dpor && (options.Workers > 1 || options.From is { IsShared: true }))
        {
            _budget.Begin(cancellation, progress);
            return new SharedExploration(subject, options, _budget).Run();
        }

        int count = options.Strategy is StrategyKind.Dpor or StrategyKind.States or StrategyKind.Replay ? 1 : options.Workers;
        Worker[] workers = new Worker[count];
        for (int i = 0; i < count; i++)
        {
            workers[i] = new Worker(subject, options, _budget, i, count);
        }

        _budget.Begin(cancellation, progress);
        if (count == 1)
        {
            workers[0].Run();
        }
        else
        {
            RunAll(workers);
        }

        return Merge(workers);
    }

    /// <summary>What several workers came through together; null when nobody asked.</summary>
    internal static Coverage? CoverageOf(IEnumerable<CoverageCounter?> counters)
    {
        CoverageCounter? sum = null;
        foreach (CoverageCounter counter in counters.OfType<CoverageCounter>())
        {
            if (sum is null)
            {
                sum = counter;
            }
            else
            {
                sum.Add(counter);
            }
        }

        return sum?.Build();
    }

    private static void RunAll(Worker[] workers)
    {
        Exception?[] failures = new Exception?[workers.Length];
        Thread[] threads = new Thread[workers.Length];
        for (int i = 0; i < workers.Length; i++)
        {
            int at = i;
            threads[i] = new Thread(() =>
            {
                try
                {
                    workers[at].Run();
                }
                catch (Exception failure)
                {
                    failures[at] = failure;
                }
            });
            threads[i].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        if (failures.FirstOrDefault(failure => failure is not null) is { } first)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(first).Throw();
        }
    }

    private ExplorationResult Merge(Worker[] workers)
    {
        Tally sum = new() { Sum = options.SumsTraces ? default(Fingerprint) : null };
        HashSet<Fingerprint> traces = [];
        HashSet<Fingerprint> violating = [];
        foreach (Worker worker in workers)
        {
            sum.Add(worker.Tally);
            traces.UnionWith(worker.Traces);
            violating.UnionWith(worker.ViolatingTraces);
        }

        bool isDpor = options.Strategy == StrategyKind.Dpor;
        double known = isDpor ? sum.Complete : traces.Count;
        double progress = workers[0].Progress;
        return new ExplorationResult
        {
            Schedules = sum.Schedules,
            ViolatingSchedules = sum.Violating,
            Traces = isDpor ? sum.Complete : traces.Count,
            ViolatingTraces = isDpor ? sum.Violating : violating.Count,
            Blocked = sum.CutOff,
            TooLong = sum.TooLong,
            Exhausted = workers.Any(worker => worker.IsExhausted) && sum.TooLong == 0,
            Turns = sum.Turns,
            States = workers.Max(worker => worker.States),
            Sum = options.SkipsKnownStates ? (workers.FirstOrDefault(worker => worker.IsExhausted) ?? workers[0]).StatesSum : isDpor ? sum.Sum : null,
            EstimatedTraces = progress is > 0 and < 1 ? known / progress : known,
            Elapsed = _budget.Elapsed,
            Coverage = CoverageOf(workers.Select(worker => worker.Coverage)),
            Findings =
            [
                .. workers.SelectMany(worker => worker.Findings)
                    .GroupBy(finding => finding.Violation.Specification, StringComparer.Ordinal)
                    .Select(group => group.MinBy(finding => finding.FirstAt)!)
                    .OrderBy(finding => finding.FirstAt),
            ],
            Checkpoint = workers[0].Checkpoint(),
        };
    }
}
