namespace ActorVmm.Runtime.Parallel;

/// <summary>A replay on several threads.</summary>
public sealed partial class ReplayHost
{
    /// <summary>Runs are joined up to so many turns, because what is joined lies in memory.</summary>
    private const long MostTurnsAtOnce = 1 << 22;

    /// <summary>Does whole recorded runs on several threads; those that nothing from outside separates, as if they were one.</summary>
    /// <returns>How many turns that were.</returns>
    private long RunOnThreads(long most)
    {
        long start = _turns;
        while (!AtEnd && _record.End - start <= most && Enter(most))
        {
            List<RecordedRun> joined = [_record.Run!];
            long begin = _record.Start;
            Leave();
            while (_record.Run is { Inputs.Length: 0 } next && _record.End - start <= most && _record.End - begin <= MostTurnsAtOnce)
            {
                Follow(next);
                joined.Add(next);
                Leave();
            }

            ReplayFailure? failure = ReplayThreads.Run(_cores, _options.Threads, _options.Looks);
            _turns = begin + (failure is null ? joined.Sum(run => run.Turns) : TurnsUntil(failure.Core, joined));
            failure?.Throw(_turns);
        }

        return _turns - start;
    }

    private void Follow(RecordedRun run)
    {
        for (int i = 0; i < _cores.Length; i++)
        {
            _cores[i].Follow(in run.Cores[i]);
        }
    }

    /// <summary>Turns up to where a core stands, in the recorded order.</summary>
    private static long TurnsUntil(ReplayedCore core, List<RecordedRun> runs) =>
        runs.Take(core.Run).Sum(run => run.Turns) + runs[core.Run].TurnsBefore(core.Ticket) + core.StepTurns - core.TurnsLeft;
}
