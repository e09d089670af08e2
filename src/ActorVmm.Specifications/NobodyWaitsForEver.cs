using System.Runtime.CompilerServices;

namespace ActorVmm.Specifications;

/// <summary>
/// Liveness (fact book §17, R11): a wait for memory, of a thread or of a request for frames, begins once and ends. In flight: waits
/// begun and not ended; none at quiescence, except threads of processes that have exited.
/// </summary>
public sealed class NobodyWaitsForEver : Specification, IHear<FrameWait>, IHear<MemoryWait>, IHear<ProcessExited>
{
    private readonly FlatMap<int> _threads = new();
    private readonly FlatMap<int> _threadsOf = new();
    private readonly FlatMap<int> _requestsOf = new();
    private readonly Situation _request;
    private readonly Situation _thread;

    private int _last;

    public NobodyWaitsForEver()
        : base(nameof(NobodyWaitsForEver), "a wait for memory ends")
    {
        _request = Sometimes("a request for frames had to wait (R11)");
        _thread = Sometimes("a thread waited for memory");
    }

    public void Hear(in FrameWait fact)
    {
        _last = Math.Max(_last, fact.Process.Value);
        ref int waiting = ref _requestsOf.Put(fact.Process.Value, 0);
        if (fact.Begins != 0)
        {
            _request.Seen();
            waiting++;
        }
        else if (waiting == 0)
        {
            Violated($"a request of {fact.Process} for {fact.Needed} frames stopped waiting, and none was");
        }
        else
        {
            waiting--;
        }
    }

    public void Hear(in MemoryWait fact)
    {
        _last = Math.Max(_last, Actor.Value);
        ref int waits = ref _threads.Put(Actor.Value, (uint)fact.Thread);
        bool begins = fact.Begins != 0;
        if (begins == (waits != 0))
        {
            Violated($"thread {fact.Thread} of {Actor} {(begins ? "began" : "stopped")} waiting for memory, and it {(begins ? "was already" : "was not")}");
            return;
        }

        waits = begins ? 1 : 0;
        _threadsOf.Put(Actor.Value, 0) += begins ? 1 : -1;
        _thread.SeenIf(begins);
    }

    public void Hear(in ProcessExited fact) => _threadsOf.Put(Actor.Value, 0) = 0;

    public override void AtQuiescence()
    {
        for (int actor = 0; actor <= _last; actor++)
        {
            None(_threadsOf, actor, "threads");
            None(_requestsOf, actor, "requests for frames");
        }
    }

    private void None(FlatMap<int> waits, int actor, string who)
    {
        ref int waiting = ref waits.Find(actor, 0);
        if (!Unsafe.IsNullRef(ref waiting) && waiting != 0)
        {
            Violated($"nothing is in flight, and {waiting} {who} of {new ActorId(actor)} still wait for memory");
        }
    }
}
