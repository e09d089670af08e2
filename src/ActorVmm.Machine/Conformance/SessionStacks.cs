using ActorVmm.Protocol;
using ActorVmm.Workloads.Conformance;
using ActorVmm.Workloads.Conformance.Calls;

namespace ActorVmm.Machine.Conformance;

/// <summary>
/// What user mode does with stacks: the run-time library that builds them by ordinary calls, the thread environment block that says where they
/// are, and programs that use them from the top down (fact book §12).
/// </summary>
internal sealed class SessionStacks(SessionMachine machine, Architecture architecture)
{
    /// <summary>Stack sizes in the header of the executable that <c>self</c> runs.</summary>
    public const ulong ImageCommit = PageSize.Bytes;

    public const ulong ImageReserve = LargeReserve;

    /// <summary>A stack that is to be committed as a whole is reserved in multiples of this.</summary>
    private const ulong LargeReserve = 1 << 20;

    private const int Self = 0;

    private ulong GuardBytes => PageSize.Bytes * (architecture == Architecture.X64 ? 2UL : 1UL);

    public CallAnswer Carry(ConformanceCall call)
    {
        int thread = (int)(call.Thread ?? 0);
        return call switch
        {
            CreateThreadCall create => CreateThread(create),
            CreateUserStackCall create => CreateUserStack(create),
            ReserveThreadStackCall reserve => Reserve(reserve.Reserve, zeroBits: 0),
            SetStackCall set => Describe(CallAnswer.Of(Ask(CallService.SetStack, new SessionStack(set.Base, set.Limit, set.Deallocation), thread).Status), thread),
            TouchStackCall touch => Touch(touch, thread),
            QueryStackCall { Guard: true } => CallAnswer.Of(NtStatus.Success, ("guard_size", StackOf(thread).Limit - LowestGuard(StackOf(thread)))),
            QueryStackCall => Describe(CallAnswer.Of(NtStatus.Success), thread),
            _ => throw new ArgumentException($"{call.GetType().Name} is no call on stacks", nameof(call)),
        };
    }

    /// <summary>A property of a thread, as it is now; null when it has none of that name.</summary>
    public ulong? MemberOf(ulong thread, string member)
    {
        SessionStack stack = StackOf((int)thread);
        return member switch
        {
            "base" => stack.Base,
            "limit" => stack.Limit,
            "dealloc" => stack.Deallocation,
            "guard" => LowestGuard(stack),
            _ => null,
        };
    }

    private CallAnswer CreateThread(CreateThreadCall create)
    {
        NtStatus status = Build(create.Commit, create.Reserve, 0, PageSize.Bytes, PageSize.GranularityBytes, out SessionStack stack);
        if (status != NtStatus.Success)
        {
            return CallAnswer.Of(status);
        }

        int thread = (int)Ask(CallService.CreateThread, stack, 0).Returned.Detail;
        return Describe(CallAnswer.Of(NtStatus.Success) with { Bound = (ulong)thread }, thread);
    }

    private CallAnswer CreateUserStack(CreateUserStackCall create)
    {
        if (create.CommitAlignment == 0 || create.ReserveAlignment == 0)
        {
            return CallAnswer.Of(NtStatus.InvalidParameter);
        }

        NtStatus status = Build(create.Commit, create.Reserve, create.ZeroBits, create.CommitAlignment, create.ReserveAlignment, out SessionStack stack);
        return CallAnswer.Of(status, status == NtStatus.Success ? OutputsOf(stack) : []);
    }

    /// <summary>Three ordinary calls: reserve all of it, commit the top and the guard below, make the guard a guard.</summary>
    private NtStatus Build(ulong commit, ulong reserve, ulong zeroBits, ulong commitAlignment, ulong reserveAlignment, out SessionStack stack)
    {
        stack = default;
        commit = RoundUp(RoundUp(commit == 0 ? ImageCommit : commit, commitAlignment), PageSize.Bytes);
        reserve = RoundUp(RoundUp(reserve == 0 ? ImageReserve : reserve, reserveAlignment), PageSize.GranularityBytes);
        reserve = commit >= reserve ? RoundUp(commit, LargeReserve) : reserve;
        CallAnswer reserved = Reserve(reserve, zeroBits);
        if (reserved.Bound is not { } lowest)
        {
            return reserved.Status;
        }

        ulong limit = lowest + reserve - commit;
        ulong guard = Math.Min(GuardBytes, reserve - commit);
        NtStatus status = Private(CallService.Allocate, limit - guard, commit + guard, AllocationType.Commit, PageProtection.ReadWrite).Status;
        if (status == NtStatus.Success && guard > 0)
        {
            status = Private(CallService.Protect, limit - guard, guard, AllocationType.None, PageProtection.ReadWrite | PageProtection.Guard).Status;
        }

        if (status != NtStatus.Success)
        {
            _ = Private(CallService.Free, lowest, 0, AllocationType.Release, PageProtection.None);
            return status;
        }

        stack = new SessionStack(lowest + reserve, limit, lowest);
        return NtStatus.Success;
    }

    private CallAnswer Reserve(ulong bytes, ulong zeroBits)
    {
        NativeAnswer answer = machine.Call(Self, new NativeCall(CallService.Allocate, 0, bytes)
        {
            Type = (ulong)AllocationType.Reserve,
            Protection = (ulong)PageProtection.ReadWrite,
            Words = [zeroBits],
        });
        return answer.Succeeded
            ? CallAnswer.Of(answer.Status, ("base", answer.Returned.Base), ("size", answer.Returned.Size), ("reserved", answer.Returned.Size)) with { Bound = answer.Returned.Base }
            : CallAnswer.Of(answer.Status);
    }

    /// <summary>A store to each page from the top down, until one raises an exception or the last was stored to.</summary>
    private CallAnswer Touch(TouchStackCall touch, int thread)
    {
        SessionStack stack = StackOf(thread);
        ulong top = PageOf(stack.Base - 1);
        ulong end = touch.Until switch
        {
            StackTouch.Depth => top - PageOf(touch.Value),
            StackTouch.Address => PageOf(touch.Value),
            StackTouch.Overflow => 0,
        };
        NtStatus status = NtStatus.Success;
        ulong good = 0;
        for (ulong page = top; page >= end && status == NtStatus.Success; page -= PageSize.Bytes)
        {
            status = machine.Do(Self, thread, new Operation(OperationKind.Write, page)).Status;
            good = status == NtStatus.Success ? page : good;
        }

        return Describe(CallAnswer.Of(status, ("last_good_page", good), ("stack_limit", StackOf(thread).Limit)), thread);
    }

    /// <summary>The lowest of the guard pages directly below the limit; the limit where there are none.</summary>
    private ulong LowestGuard(SessionStack stack)
    {
        ulong lowest = stack.Limit;
        while (lowest > stack.Deallocation && IsGuard(lowest - PageSize.Bytes))
        {
            lowest -= PageSize.Bytes;
        }

        return lowest;
    }

    private bool IsGuard(ulong page)
    {
        const int Protection = 1;
        NativeAnswer found = machine.Call(Self, new NativeCall(CallService.QueryBasic, page, 0));
        return found.Succeeded && ((PageProtection)found.Words[Protection] & PageProtection.Guard) != 0;
    }

    private CallAnswer Describe(CallAnswer answer, int thread) =>
        answer with { Outputs = answer.Outputs.Concat(OutputsOf(StackOf(thread)).Select(output => KeyValuePair.Create(output.Name, output.Value))).ToDictionary(StringComparer.Ordinal) };

    private static (string Name, Output Value)[] OutputsOf(SessionStack stack) =>
        [("committed", stack.Base - stack.Limit), ("reserved", stack.Base - stack.Deallocation), ("base", stack.Deallocation)];

    private SessionStack StackOf(int thread)
    {
        NativeAnswer answer = Ask(CallService.QueryStack, default, thread);
        return new SessionStack(answer.Words[0], answer.Words[1], answer.Words[2]);
    }

    private NativeAnswer Ask(CallService service, SessionStack stack, int thread) =>
        machine.Call(Self, new NativeCall(service, stack.Base, stack.Limit) { Words = [stack.Deallocation], Thread = thread });

    private NativeAnswer Private(CallService service, ulong start, ulong size, AllocationType type, PageProtection protection) =>
        machine.Call(Self, new NativeCall(service, start, size) { Type = (ulong)type, Protection = (ulong)protection });

    private static ulong PageOf(ulong address) => address / PageSize.Bytes * PageSize.Bytes;

    private static ulong RoundUp(ulong value, ulong multiple) => (value + multiple - 1) / multiple * multiple;
}

/// <summary>Where a stack is: StackBase, StackLimit, DeallocationStack.</summary>
internal readonly record struct SessionStack(ulong Base, ulong Limit, ulong Deallocation);
