using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;

namespace ActorVmm.Kernel;

/// <summary>
/// What threads know of their stacks. Programs write it into their thread environment blocks as they like; nothing is checked here, and what is
/// wrong shows when the stack is used (StackGrowth.cs).
/// </summary>
public sealed partial class Process
{
    /// <summary>The number under which the stack of a thread, or of who acts for it, is known; −1 for a thread of another process.</summary>
    private int NumberOf(int thread) => thread < _plan.Threads.Count ? thread : VisitorOf(thread).Thread;

    private void DescribeThread(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        int number = NumberOf(thread);
        _threads[thread].Position++;
        switch (request.Service)
        {
            case CallService.CreateThread:
                space.Stacks ??= new UserStacks();
                number = Math.Max(space.Stacks.Count, _plan.Threads.Count);
                space.Stacks.Set(number, StackOf(request));
                break;
            case CallService.SetStack when number >= 0:
                space.Stacks ??= new UserStacks();
                space.Stacks.Set(number, StackOf(request));
                break;
        }

        if (thread < _plan.Threads.Count)
        {
            return;
        }

        UserStack stack = space.Stacks is { } stacks && number >= 0 && number < stacks.Count ? stacks[number] : default;
        AnswerWords(thread, 0, 0, (uint)number, [stack.Base, stack.Limit, stack.Deallocation], outbox);
    }

    /// <summary>A stack without a lowest address ends where the allocation does in which its limit lies.</summary>
    private UserStack StackOf(in MemoryRequest request)
    {
        int vad = Space.Vads.Find(new VirtualAddress(request.Size).Page);
        ulong lowest = vad < 0 ? request.Size : Space.Vads[vad].Start.Start.Value;
        return new UserStack { Base = request.Base, Limit = request.Size, Deallocation = request.Word(0) == 0 ? lowest : request.Word(0) };
    }
}
