using System.Collections.Concurrent;
using ActorVmm.Journal.Campaigns;
using ActorVmm.Machine.Campaigns;

namespace ActorVmm.Akka.Campaigns;

/// <summary>The threads of a node that run seeds, a runner each. Actors only wait for what comes of it.</summary>
internal sealed class Bench : IDisposable
{
    private readonly BlockingCollection<(ulong Seed, Piece Piece)> _seeds = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread[] _threads;

    /// <param name="runnerOf">Makes a thread's runner.</param>
    /// <param name="workers">How many threads, from 1.</param>
    public Bench(Func<ISeedRunner> runnerOf, int workers)
    {
        _threads = new Thread[workers];
        for (int i = 0; i < workers; i++)
        {
            _threads[i] = new Thread(() => Work(runnerOf)) { IsBackground = true, Name = FormattableString.Invariant($"seeds {i + 1}") };
            _threads[i].Start();
        }
    }

    /// <summary>Runs seeds, several at a time.</summary>
    /// <param name="seeds">The seeds, at least one.</param>
    /// <param name="done">Called once, on any thread, with what all of them came to.</param>
    /// <param name="failed">Called instead when one could not be run.</param>
    public void Run(IReadOnlyList<ulong> seeds, Action<IReadOnlyList<SeedResult>> done, Action<ulong, Exception> failed)
    {
        var piece = new Piece(seeds.Count, done, failed);
        foreach (ulong seed in seeds)
        {
            _seeds.Add((seed, piece), CancellationToken.None);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        _seeds.Dispose();
        _stop.Dispose();
    }

    private void Work(Func<ISeedRunner> runnerOf)
    {
        ISeedRunner? runner = null;
        try
        {
            foreach ((ulong seed, Piece piece) in _seeds.GetConsumingEnumerable(_stop.Token))
            {
                try
                {
                    runner ??= runnerOf();
                    if (runner.Run(seed, _stop.Token) is { } result)
                    {
                        piece.Add(result);
                    }
                }
                catch (Exception error)
                {
                    piece.Fail(seed, error);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops: what it has not run is run elsewhere.
        }
    }

    /// <summary>The seeds of one lease.</summary>
    private sealed class Piece(int count, Action<IReadOnlyList<SeedResult>> done, Action<ulong, Exception> failed)
    {
        private readonly List<SeedResult> _results = new(count);
        private bool _isOver;

        public void Add(SeedResult result)
        {
            lock (_results)
            {
                _results.Add(result);
                if (_results.Count == count && !_isOver)
                {
                    _isOver = true;
                    done(_results);
                }
            }
        }

        public void Fail(ulong seed, Exception error)
        {
            lock (_results)
            {
                if (!_isOver)
                {
                    _isOver = true;
                    failed(seed, error);
                }
            }
        }
    }
}
