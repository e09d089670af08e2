using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel;

/// <summary>Operations that somebody outside the process has carried out in it: each is a thread of one operation, and is answered once.</summary>
public sealed partial class Process
{
    /// <summary>Somebody outside the process has an operation carried out in it.</summary>
    private void Perform(ActorId visitor, Perform perform, Outbox outbox)
    {
        if (_state is ProcessState.Exiting or ProcessState.Gone)
        {
            outbox.Send(visitor, new Performed(0, 0, NtStatus.ProcessIsTerminating, PageProtection.None, perform.Request));
            return;
        }

        if (_state == ProcessState.Created)
        {
            StartProcess(outbox);
        }

        int thread = _plan.Threads.Count;
        while (thread < _threadCount && _threads[thread].Wait != ThreadWait.Ended)
        {
            thread++;
        }

        if (thread == _threadCount)
        {
            Array.Resize(ref _threads, _threadCount + 1);
            _threadCount++;
        }

        _threads[thread] = default;
        Space.Receive(thread - _plan.Threads.Count, new Visitor(visitor, perform));
    }

    private ref Visitor VisitorOf(int thread) => ref Space.VisitorAt(thread - _plan.Threads.Count);

    /// <summary>Tells a visitor how its operation ended.</summary>
    private void Answer(int thread, ulong start, ulong size, NtStatus status, PageProtection old, Outbox outbox)
    {
        if (thread >= _plan.Threads.Count)
        {
            ref Visitor visitor = ref VisitorOf(thread);
            outbox.Send(visitor.Actor, new Performed(start, size, status, old, visitor.Request));
        }
    }
}
