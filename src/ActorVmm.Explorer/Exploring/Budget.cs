namespace ActorVmm.Explorer.Exploring;

/// <summary>How long an exploration goes on, shared by its workers.</summary>
internal sealed class Budget(ExplorationOptions options)
{
    private const long ProgressMilliseconds = 200;

    private readonly Lock _telling = new();
    private CancellationToken _cancellation;
    private Action<ExplorationProgress>? _progress;
    private long _began;
    private long _schedules;
    private long _turns;
    private long _violating;
    private long _told;
    private long _taken;
    private volatile bool _over;

    public TimeSpan Elapsed => options.Clock.GetElapsedTime(_began);

    /// <summary>Nobody begins another execution.</summary>
    public bool IsOver => _over;

    public void Begin(CancellationToken cancellation, Action<ExplorationProgress>? progress)
    {
        (_cancellation, _progress) = (cancellation, progress);
        _began = options.Clock.GetTimestamp();
        _over = false;
    }

    /// <summary>Whether an execution with this number, from 0, is still to be run.</summary>
    public bool Allows(long execution) => !_over && (options.Schedules is not { } most || execution < most);

    /// <summary>Takes the number of an execution that nobody else has; false when none is to be run any more.</summary>
    public bool TryTake(out long execution)
    {
        execution = Interlocked.Increment(ref _taken) - 1;
        _over |= !Allows(execution);
        return !_over;
    }

    /// <summary>So many have been run before.</summary>
    public void GoOnFrom(long execution) => _taken = execution;

    /// <summary>Ends it for all.</summary>
    public void Stop() => _over = true;

    /// <summary>Whether somebody wants it to end, for those that have nothing to report.</summary>
    public bool IsStopped() => _over = _over || _cancellation.IsCancellationRequested || Elapsed >= options.Time;

    /// <summary>A worker has run some more; called every few executions.</summary>
    /// <param name="schedules">How many since the last call.</param>
    /// <param name="turns">Their turns.</param>
    /// <param name="violating">Those that broke a promise.</param>
    /// <param name="estimate">Traces that there may be, from what the worker knows.</param>
    public void Report(long schedules, long turns, long violating, Func<double> estimate)
    {
        long allTurns = Interlocked.Add(ref _turns, turns);
        long all = Interlocked.Add(ref _schedules, schedules);
        long allViolating = Interlocked.Add(ref _violating, violating);
        TimeSpan elapsed = Elapsed;
        if (_cancellation.IsCancellationRequested || elapsed >= options.Time || allTurns >= options.Turns || (options.StopOnFirst && allViolating > 0))
        {
            _over = true;
        }

        if (_progress is null || (long)elapsed.TotalMilliseconds - Interlocked.Read(ref _told) < ProgressMilliseconds)
        {
            return;
        }

        lock (_telling)
        {
            Interlocked.Exchange(ref _told, (long)elapsed.TotalMilliseconds);
            _progress(new ExplorationProgress(all, allTurns, allViolating, estimate(), elapsed));
        }
    }
}
