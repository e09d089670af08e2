using System.Threading;

namespace ActorVmm.Runtime.Parallel;

/// <summary>
/// Replays one recorded run on several threads. Every core takes its steps in its own order and waits for what they take in, so
/// it does not matter how fast the others are.
/// </summary>
internal sealed class ReplayThreads
{
    private readonly object _gate = new();
    private readonly ReplayedCore[] _cores;
    private readonly Action<ReplayedCore> _takeTurn;
    private Exception? _failure;
    private int _working;
    private int _waiting;

    private ReplayThreads(ReplayedCore[] cores, Action<ReplayedCore> takeTurn)
    {
        _cores = cores;
        _takeTurn = takeTurn;
    }

    public static void Run(ReplayedCore[] cores, int count, Action<ReplayedCore> takeTurn)
    {
        ReplayThreads run = new(cores, takeTurn);
        count = Math.Min(count, cores.Length);
        run._working = count;
        Thread[] threads = new Thread[count];
        for (int i = 0; i < count; i++)
        {
            ReplayedCore[] own = [.. cores.Where(core => core.Core.Index % count == i)];
            threads[i] = new Thread(() => run.Replay(own)) { IsBackground = true };
        }

        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        if (run._failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(run._failure);
        }
    }

    private void Replay(ReplayedCore[] own)
    {
        try
        {
            while (Volatile.Read(ref _failure) is null && own.Any(core => core.HasStep))
            {
                if (!Advance(own))
                {
                    AwaitNews(own);
                }
            }
        }
        catch (Exception cause)
        {
            Interlocked.CompareExchange(ref _failure, cause, null);
        }

        lock (_gate)
        {
            _working--;
            Monitor.PulseAll(_gate);
        }
    }

    private bool Advance(ReplayedCore[] own)
    {
        bool any = false;
        foreach (ReplayedCore core in own)
        {
            while (core.HasStep && core.CanBegin && Volatile.Read(ref _failure) is null)
            {
                any = true;
                core.BeginStep();
                while (core.TurnsLeft > 0)
                {
                    _takeTurn(core);
                }

                core.EndStep();
                Interlocked.MemoryBarrier();
                if (Volatile.Read(ref _waiting) > 0)
                {
                    lock (_gate)
                    {
                        Monitor.PulseAll(_gate);
                    }
                }
            }
        }

        return any;
    }

    private void AwaitNews(ReplayedCore[] own)
    {
        lock (_gate)
        {
            _waiting++;
            Interlocked.MemoryBarrier();
            while (_failure is null && !Array.Exists(own, core => core.HasStep && core.CanBegin))
            {
                if (_waiting == _working && !Array.Exists(_cores, core => core.HasStep && core.CanBegin))
                {
                    // Nobody can go on: let the first step that lacks something say what.
                    _waiting--;
                    own.First(core => core.HasStep).BeginStep();
                }

                Monitor.Wait(_gate);
            }

            _waiting--;
        }
    }
}
