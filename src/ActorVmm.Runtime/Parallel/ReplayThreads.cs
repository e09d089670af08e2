using System.Threading;

namespace ActorVmm.Runtime.Parallel;

/// <summary>
/// Replays recorded runs on several threads. Every core takes its steps in its own order and waits for what they take in, so it
/// does not matter how fast the others are. A thread whose cores all wait looks around for some microseconds and then parks;
/// whoever sends to them what they wait for wakes it.
/// </summary>
internal sealed class ReplayThreads
{
    private const int Looks = 64;
    private const int SpinsPerLook = 10;

    private readonly Lock _gate = new();
    private readonly Worker[] _workers;
    private volatile Exception? _failure;
    private int _working;
    private int _parked;

    private ReplayThreads(ReplayedCore[] cores, int count)
    {
        _workers = [.. Enumerable.Range(0, count).Select(index => new Worker([.. cores.Where(core => core.Core.Index % count == index)]))];
        _working = count;
    }

    public static void Run(ReplayedCore[] cores, int count)
    {
        ReplayThreads run = new(cores, Math.Min(count, cores.Length));
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

        if (run._failure is { } failure)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }

    private void Replay(Worker worker)
    {
        try
        {
            while (_failure is null && worker.HasSteps())
            {
                if (!Advance(worker) && !LooksAround(worker))
                {
                    Park(worker);
                }
            }
        }
        catch (Exception cause)
        {
            Interlocked.CompareExchange(ref _failure, cause, null);
        }

        lock (_gate)
        {
            // Those who wait see that nobody will help them, or that there was a failure.
            _working--;
            foreach (Worker other in _workers.Where(other => other.Parked))
            {
                Wake(other);
            }
        }
    }

    private bool Advance(Worker worker)
    {
        bool any = false;
        foreach (ReplayedCore core in worker.Cores)
        {
            while (core.HasStep && core.CanBegin && _failure is null)
            {
                any = true;
                core.BeginStep();
                core.TakeTurns(core.TurnsLeft);
                core.EndStep();
                Interlocked.MemoryBarrier();
                WakeOthers(worker);
            }
        }

        return any;
    }

    private bool LooksAround(Worker worker)
    {
        for (int look = 0; look < Looks; look++)
        {
            if (worker.CanGoOn())
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
            if (_failure is not null || worker.CanGoOn())
            {
                worker.Parked = false;
                return;
            }

            if (_parked + 1 == _working)
            {
                // Nobody can go on: let the first step that lacks something say what.
                worker.Parked = false;
                worker.Cores.First(core => core.HasStep).BeginStep();
            }

            _parked++;
        }

        worker.Woken.Wait();
    }

    private void WakeOthers(Worker worker)
    {
        foreach (Worker other in _workers)
        {
            if (other != worker && other.Parked && other.CanGoOn())
            {
                lock (_gate)
                {
                    if (other.Parked && other.CanGoOn())
                    {
                        Wake(other);
                    }
                }
            }
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

        public bool HasSteps()
        {
            bool any = false;
            foreach (ReplayedCore core in cores)
            {
                any |= core.HasStep;
            }

            return any;
        }

        /// <summary>Whether a step that comes next has all that it takes in.</summary>
        public bool CanGoOn()
        {
            foreach (ReplayedCore core in cores)
            {
                if (core.Peeked && core.CanBegin)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
