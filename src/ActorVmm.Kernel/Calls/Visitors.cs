using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;

namespace ActorVmm.Kernel;

/// <summary>
/// Operations and calls that somebody outside the process has carried out in it: each is a thread of one operation or one call, and is
/// answered once. A call waits until all its words are here.
/// </summary>
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

        _ = Admit(new Visitor(visitor, perform), outbox);
    }

    private void BeginCall(ActorId visitor, BeginCall begin, Outbox outbox)
    {
        if (_state is ProcessState.Exiting or ProcessState.Gone)
        {
            outbox.Send(visitor, new CallReturned(begin.Base, begin.Size, NtStatus.ProcessIsTerminating, 0, begin.Request, 0));
            return;
        }

        int thread = CallerOf(visitor, begin.Request, outbox);
        VisitorOf(thread).Call!.Begin(begin);
        AwaitWords(thread);
    }

    private void CallWords(ActorId visitor, CallWords words, Outbox outbox)
    {
        if (_state is ProcessState.Exiting or ProcessState.Gone)
        {
            // The call they belong to has been, or will be, told so.
            return;
        }

        int thread = CallerOf(visitor, words.Request, outbox);
        VisitorOf(thread).Call!.Add(words);
        AwaitWords(thread);
    }

    private void AwaitWords(int thread) => _threads[thread].Wait = VisitorOf(thread).Call!.IsComplete ? ThreadWait.None : ThreadWait.Words;

    /// <summary>The thread of a call that has begun to come, or a new one.</summary>
    private int CallerOf(ActorId visitor, uint request, Outbox outbox)
    {
        for (int thread = _plan.Threads.Count; thread < _threadCount; thread++)
        {
            if (_threads[thread].Wait == ThreadWait.Words && VisitorOf(thread).Actor == visitor && VisitorOf(thread).Request == request)
            {
                return thread;
            }
        }

        return Admit(new Visitor(visitor, request), outbox);
    }

    private int Admit(in Visitor visitor, Outbox outbox)
    {
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
        Space.Receive(thread - _plan.Threads.Count, visitor);
        return thread;
    }

    private ref Visitor VisitorOf(int thread) => ref Space.VisitorAt(thread - _plan.Threads.Count);

    /// <summary>The call that a visitor makes; null for everybody else.</summary>
    private CallRow? CallOf(int thread) => thread < _plan.Threads.Count ? null : VisitorOf(thread).Call;

    /// <summary>Tells a visitor how its operation ended.</summary>
    private void Answer(int thread, ulong start, ulong size, NtStatus status, PageProtection old, Outbox outbox)
    {
        if (thread < _plan.Threads.Count)
        {
            return;
        }

        ref Visitor visitor = ref VisitorOf(thread);
        if (visitor.Call is { Service: CallService.CopyAttached } copy)
        {
            outbox.Send(visitor.Actor, new BytesCopied(copy.Part, (uint)visitor.Request, status));
            return;
        }

        if (visitor.Call is { } call)
        {
            // Whoever is told of a failure finds its base and size as it gave them.
            bool succeeded = status < NtStatus.GuardPageViolation;
            outbox.Send(visitor.Actor, new CallReturned(succeeded ? start : call.Base, succeeded ? size : call.Size, status, (uint)old, (uint)visitor.Request, 0));
            return;
        }

        outbox.Send(visitor.Actor, new Performed(start, size, status, old, visitor.Request));
    }

    /// <summary>Answers a call with words of its own.</summary>
    private void AnswerWords(int thread, ulong start, ulong size, uint detail, ReadOnlySpan<ulong> words, Outbox outbox)
    {
        ref Visitor visitor = ref VisitorOf(thread);
        var request = (uint)visitor.Request;
        outbox.Send(visitor.Actor, new CallReturned(start, size, NtStatus.Success, detail, request, words.Length));
        for (int first = 0; first < words.Length; first += 3)
        {
            ulong second = first + 1 < words.Length ? words[first + 1] : 0;
            ulong third = first + 2 < words.Length ? words[first + 2] : 0;
            outbox.Send(visitor.Actor, new ReturnedWords(words[first], second, third, request, first / 3));
        }
    }
}
