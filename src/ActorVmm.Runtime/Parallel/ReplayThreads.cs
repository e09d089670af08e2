using System.Threading;

namespace ActorVmm.Runtime.Parallel;

/// <summary>
/// Replays recorded runs on several threads. Every core takes its steps in its own order and waits for what they take in, so it
/// does not matter how fast the others are. A thread whose cores all wait looks around for a while and then parks;
/// whoever sends to them what they wait for wakes it, when it is plenty, or when he has nothing else to do.
/// </summary>
internal sealed class ReplayThreads
{
    private const int SpinsPerLook = 3;

    /// <summary>Batches that are worth waking somebody for.</summary>
    private const int Plenty = 4;

    private readonly Lock _gate = new();
    private readonly Worker[] _workers;
    private readonly int _looks;
    private ReplayFailure? _failure;
    private long _limit = long.MaxValue;
    private int _working;
    private int _parked;

    private ReplayThreads(ReplayedCore[] cores, int count, int looks)
    {
        _workers = [.. Enumerable.Range(0, count).Select(index => new Worker([.. cores.Where(core => core.Core.Index % count == index)]))];
        _working = count;
        _looks = looks;
    }

    /// <returns>What failed first in the recorded order, whichever thread was faster; null when nothing did.</returns>
    public static ReplayFailure? Run(ReplayedCore[] cores, int count, int looks)
    {
        ReplayThreads run = new(cores, Math.Min(count, cores.Length), looks);
        Thread[] threads = [.. run._workers.Skip(1).Select(worker => new Thread(() => run.Replay(worker)) { IsBackground = true })];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        run.Replay(run._workers[0]);
        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        return run._failure;
    }

    private void Replay(Worker worker)
    {
        try
        {
            while (worker.HasSteps(Volatile.Read(ref _limit)))
            {
                if (Advance(worker))
                {
                    continue;
                }

                WakeOthers(worker, arrived: 0);
                if (!LooksAround(worker))
                {
                    Park(worker);
                }
            }
        }
        catch (FormatException cause)
        {
            lock (_gate)
            {
                // No step can be read, so there is no order either.
                _failure = new ReplayFailure(worker.Cores[0], cause);
                Volatile.Write(ref _limit, long.MinValue);
            }
        }

        lock (_gate)
        {
            // Those who wait see that nobody will help them.
            _working--;
            WakeAll();
        }
    }

    private bool Advance(Worker worker)
    {
        bool any = false;
        foreach (ReplayedCore core in worker.Cores)
        {
            while (core.HasStep && core.Place < Volatile.Read(ref _limit) && core.CanBegin)
            {
                any = true;
                if (TryStep(core) is { } cause)
                {
                    lock (_gate)
                    {
                        Fail(core, cause);
                    }

                    break;
                }

                Interlocked.MemoryBarrier();
                WakeOthers(worker, Plenty);
            }
        }

        return any;
    }

    private static Exception? TryStep(ReplayedCore core)
    {
        try
        {
            core.BeginStep();
            core.TakeTurns(core.TurnsLeft);
            core.EndStep();
            return null;
        }
        catch (Exception cause)
        {
            return cause;
        }
    }

    /// <summary>Steps before this one are still done: one of them may fail too, and would be the first.</summary>
    private void Fail(ReplayedCore core, Exception cause)
    {
        if (core.Place < _limit)
        {
            _failure = new ReplayFailure(core, cause);
            Volatile.Write(ref _limit, core.Place);
            WakeAll();
        }
    }

    private bool LooksAround(Worker worker)
    {
        for (int look = 0; look < _looks; look++)
        {
            if (worker.CanGoOn(Volatile.Read(ref _limit)))
            {
                return true;
            }

            Thread.SpinWait(SpinsPerLook);
        }

        return false;
    }

    private void Park(Worker worker)
    {
        lock (_gate)
        {
            worker.Parked = true;
            Interlocked.MemoryBarrier();
            if (!worker.HasSteps(_limit) || worker.CanGoOn(_limit))
            {
                worker.Parked = false;
                return;
            }

            if (_parked + 1 == _working)
            {
                // Nobody can go on: the first step that lacks something says what.
                ReplayedCore first = _workers.SelectMany(other => other.Cores).Where(core => core.HasStep).MinBy(core => core.Place)!;
                worker.Parked = false;
                Fail(first, TryStep(first)!);
                return;
            }

            _parked++;
        }

        worker.Woken.Wait();
    }

    private void WakeOthers(Worker worker, int arrived)
    {
        foreach (Worker other in _workers)
        {
            if (other != worker && other.Parked && other.CanGoOn(Volatile.Read(ref _limit), arrived))
            {
                lock (_gate)
                {
                    if (other.Parked && other.CanGoOn(Volatile.Read(ref _limit)))
                    {
                        Wake(other);
                    }
                }
            }
        }
    }

    private void WakeAll()
    {
        foreach (Worker worker in _workers.Where(worker => worker.Parked))
        {
            Wake(worker);
        }
    }

    private void Wake(Worker worker)
    {
        worker.Parked = false;
        _parked--;
        worker.Woken.Release();
    }

    /// <summary>A thread and the cores that it drives.</summary>
    private sealed class Worker(ReplayedCore[] cores)
    {
        public readonly SemaphoreSlim Woken = new(0);

        /// <summary>Changes under the lock only. While it is set, the cores stand still.</summary>
        public volatile bool Parked;

        public ReplayedCore[] Cores => cores;

        /// <summary>Whether there is a step to do before a place.</summary>
        public bool HasSteps(long limit)
        {
            bool any = false;
            foreach (ReplayedCore core in cores)
            {
                any |= core.HasStep && core.Place < limit;
            }

            return any;
        }

        /// <summary>Whether a step that comes next, before a place, has all that it takes in, and so many batches have arrived.</summary>
        public bool CanGoOn(long limit, int arrived = 0)
        {
            foreach (ReplayedCore core in cores)
            {
                if (core.Peeked && core.Place < limit && core.CanBegin && core.Core.Roads.Arrived >= arrived)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
