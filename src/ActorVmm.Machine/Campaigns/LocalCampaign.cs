using System.Runtime.ExceptionServices;
using ActorVmm.Journal;
using ActorVmm.Journal.Campaigns;
using ActorVmm.Workloads;

namespace ActorVmm.Machine.Campaigns;

/// <summary>A campaign on the cores of this computer: a thread a worker, a seed at a time.</summary>
/// <param name="book">Where seeds come from and results go.</param>
/// <param name="runnerOf">Makes each worker's runner.</param>
/// <param name="workers">How many, from 1.</param>
public sealed class LocalCampaign(CampaignBook book, Func<ISeedRunner> runnerOf, int workers)
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _failed = new();
    private ExceptionDispatchInfo? _failure;

    /// <summary>Runs until no seed is left, or until told to stop. All that has been run is written down when it returns.</summary>
    /// <param name="stop">Stops it: seeds that are being run are given back.</param>
    /// <param name="tick">Called ten times a second, on the calling thread.</param>
    /// <exception cref="JournalException">The ledger cannot be written.</exception>
    /// <exception cref="InputException">The input is not what it was.</exception>
    public void Run(CancellationToken stop, Action tick)
    {
        ArgumentNullException.ThrowIfNull(tick);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _failed.Token);
        using var working = new CountdownEvent(workers);
        CancellationToken token = either.Token;
        for (int i = 0; i < workers; i++)
        {
            var thread = new Thread(() =>
            {
                Work(token);
                working.Signal();
            })
            { IsBackground = true, Name = FormattableString.Invariant($"seeds {i + 1}") };
            thread.Start();
        }

        while (!working.Wait(_tick, CancellationToken.None))
        {
            tick();
        }

        _failed.Dispose();
        _failure?.Throw();
        book.Flush();
        book.RecordFindings(patient: false, stop);
        tick();
    }

    private void Work(CancellationToken stop)
    {
        ulong seed = 0;
        try
        {
            ISeedRunner runner = runnerOf();
            while (!stop.IsCancellationRequested && book.TryTake(out seed))
            {
                if (runner.Run(seed, stop) is not { } result)
                {
                    return;
                }

                book.Settle(result);
                if (result.Findings.Count > 0)
                {
                    book.RecordFindings(patient: true, stop);
                }
            }
        }
        catch (Exception error)
        {
            Fail(error is JournalException or InputException or OutOfMemoryException ? error : new SeedFailedException(seed, error));
        }
    }

    private void Fail(Exception error)
    {
        if (Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(error), null) is null)
        {
            _failed.Cancel();
        }
    }
}
