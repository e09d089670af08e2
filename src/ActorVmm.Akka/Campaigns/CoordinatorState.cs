using System.Runtime.ExceptionServices;

namespace ActorVmm.Akka.Campaigns;

/// <summary>What the thread that waits for a campaign sees of its coordinator.</summary>
internal sealed class CoordinatorState : IDisposable
{
    private readonly ManualResetEventSlim _over = new();
    private ExceptionDispatchInfo? _failure;
    private int _nodes;
    private volatile bool _begun;

    /// <summary>Nodes that take part.</summary>
    public int Nodes => Volatile.Read(ref _nodes);

    /// <summary>Whether as many nodes have been there as were asked for.</summary>
    public bool Begun => _begun;

    public void SetNodes(int nodes, bool begun)
    {
        Volatile.Write(ref _nodes, nodes);
        _begun = begun;
    }

    public void Finish() => _over.Set();

    public void Fail(Exception error)
    {
        Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(error), null);
        _over.Set();
    }

    /// <summary>Waits a while.</summary>
    /// <returns>Whether it is over.</returns>
    public bool Wait(TimeSpan atMost) => _over.Wait(atMost, CancellationToken.None);

    /// <summary>Throws what went wrong, if anything did.</summary>
    public void ThrowIfFailed() => _failure?.Throw();

    public void Dispose() => _over.Dispose();
}
