using ActorVmm.Explorer.Exploring;

namespace ActorVmm.Explorer.Sharing;

/// <summary>One exhaustive search on several threads.</summary>
internal sealed class SharedExploration
{
    private const int MillisecondsBetweenLooks = 50;

    private readonly ISubject _subject;
    private readonly ExplorationOptions _options;
    private readonly Budget _budget;
    private readonly SharedSearch _search;
    private readonly object _gate = new();
    private readonly List<PartWorker> _workers = [];
    private Exception? _failure;

    public SharedExploration(ISubject subject, ExplorationOptions options, Budget budget)
    {
        (_subject, _options, _budget) = (subject, options, budget);
        _search = new SharedSearch(options.Setting.Model, options.SumsTraces, options.From);
        budget.GoOnFrom(_search.Counted.Schedules);
    }

    public ExplorationResult Run()
    {
        Thread[] threads = new Thread[_options.Workers];
        for (int i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(Work);
            threads[i].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        if (_failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(_failure).Throw();
        }

        return Result();
    }

    private void Work()
    {
        try
        {
            PartWorker worker = new(_subject, _options);
            lock (_gate)
            {
                _workers.Add(worker);
            }

            while (TryTake(out SearchPart? part))
            {
                WorkOn(worker, part);
            }
        }
        catch (Exception failure)
        {
            lock (_gate)
            {
                _failure ??= failure;
                _budget.Stop();
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void WorkOn(PartWorker worker, SearchPart part)
    {
        worker.Begin(part);
        PartOrder order = default;
        while (true)
        {
            if (!_budget.TryTake(out long execution))
            {
                Report(worker.GiveBack());
                return;
            }

            if (worker.Run(execution, order) is not { } report)
            {
                continue;
            }

            order = Report(report);
            if (report.IsDone)
            {
                return;
            }
        }
    }

    private PartOrder Report(PartReport report)
    {
        PartOrder order;
        lock (_gate)
        {
            order = _search.Report(report);
            Monitor.PulseAll(_gate);
        }

        _budget.Report(report.Counts.Schedules, report.Counts.Turns, report.Counts.Violating, Estimate);
        return order;
    }

    private double Estimate()
    {
        lock (_gate)
        {
            return _search.EstimatedTraces;
        }
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SearchPart? part)
    {
        lock (_gate)
        {
            while (true)
            {
                part = _budget.IsStopped() ? null : _search.TryTake();
                if (part is not null)
                {
                    return true;
                }

                if (_budget.IsOver || _search.IsDone)
                {
                    return false;
                }

                _search.Waiting++;
                Monitor.Wait(_gate, MillisecondsBetweenLooks);
                _search.Waiting--;
            }
        }
    }

    private ExplorationResult Result()
    {
        Tally sum = _search.Counted;
        bool isDone = _search.IsDone;
        return new ExplorationResult
        {
            Schedules = sum.Schedules,
            ViolatingSchedules = sum.Violating,
            Traces = sum.Complete,
            ViolatingTraces = sum.Violating,
            Blocked = sum.CutOff,
            TooLong = sum.TooLong,
            Exhausted = isDone && sum.TooLong == 0,
            Turns = sum.Turns,
            Sum = sum.Sum,
            EstimatedTraces = _search.EstimatedTraces,
            Elapsed = _budget.Elapsed,
            Coverage = Exploration.CoverageOf(_workers.Select(worker => worker.Coverage)),
            Findings = [.. _search.Findings.OrderBy(finding => finding.FirstAt)],
            Checkpoint = isDone ? null : _search.Save(),
        };
    }
}
