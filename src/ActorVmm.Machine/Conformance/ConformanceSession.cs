using ActorVmm.Protocol;
using ActorVmm.Workloads.Conformance;
using ActorVmm.Workloads.Conformance.Calls;

namespace ActorVmm.Machine.Conformance;

/// <summary>
/// A session on the real actors: two processes, <c>self</c> and <c>other</c>, each call a message from outside that is answered to the
/// outside. What the actors cannot carry out yet is answered with what they lack (<see cref="MissingParts"/>), never with a guess.
/// </summary>
public sealed class ConformanceSession : IConformanceSession
{
    private const ulong SharedDataPage = 0x7FFE_0000;

    /// <summary>Bytes of MEMORY_BASIC_INFORMATION on x64.</summary>
    private const long BasicInformationBytes = 48;

    private readonly SessionPlan _plan;
    private readonly SessionMachine? _machine;
    private readonly List<(int Process, ulong Base)> _counted = [];

    public ConformanceSession(SessionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _plan = plan;
        if (plan.Architecture != Architecture.X64)
        {
            return;
        }

        _machine = new SessionMachine(plan);
        for (int process = 0; process < 2; process++)
        {
            _ = _machine.Do(process, new Operation(OperationKind.ReserveCommit, SharedDataPage, PageSize.Bytes, PageProtection.ReadOnly));
        }
    }

    public CallAnswer Carry(ConformanceCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (_machine is null)
        {
            return CallAnswer.NotSupported("32-bit address spaces");
        }

        if (Win32Layer.Refuses(call, _plan.Level) is { } refused)
        {
            return CallAnswer.Of(refused);
        }

        ConformanceCall native = Win32Layer.Translate(call, _plan.Level);
        CallAnswer answer = MissingParts.Of(native, _plan) is { } missing ? CallAnswer.NotSupported(missing) : Carry(native, _machine);
        return answer.Unsupported is null ? answer with { Broken = _machine.Broken() } : answer;
    }

    public ulong? ValueOf(string symbol) => null;

    public ulong? MemberOf(ulong value, string member) => null;

    public ulong? LengthOf(ulong file) => null;

    public void Dispose()
    {
    }

    private CallAnswer Carry(ConformanceCall call, SessionMachine machine)
    {
        int process = call.Process == ProcessHandle.Other ? 1 : 0;
        return call switch
        {
            AllocateCall allocate => Call(machine, process, KindOf(allocate.Type), allocate.Base, allocate.Size, allocate.Protect),
            FreeCall free => Call(machine, process, free.Type == MissingParts.Decommit ? OperationKind.Decommit : OperationKind.Release, free.Base, free.Size, 0),
            ProtectCall protect => Call(machine, process, OperationKind.Protect, protect.Base, protect.Size, protect.Protect),
            QueryMemoryCall query => Query(machine, process, query),
            AccessCall access => Access(machine, process, access),
            AllocateUntilFailureCall many => AllocateUntilFailure(machine, process, many),
            ReleaseAllCall => ReleaseAll(machine),
            _ => throw new ArgumentException($"{call.GetType().Name} is no call of this session", nameof(call)),
        };
    }

    private static OperationKind KindOf(ulong type) => type switch
    {
        MissingParts.Reserve => OperationKind.Reserve,
        MissingParts.Commit => OperationKind.Commit,
        _ => OperationKind.ReserveCommit,
    };

    private static CallAnswer Call(SessionMachine machine, int process, OperationKind kind, ulong start, ulong size, ulong protect)
    {
        Performed performed = machine.Do(process, new Operation(kind, start, size, (PageProtection)protect));
        bool succeeded = performed.Status == NtStatus.Success;
        (string, Output)[] outputs = [("base", succeeded ? performed.Base : start), ("size", succeeded ? performed.Size : size)];
        return succeeded
            ? CallAnswer.Of(performed.Status, [.. outputs, ("old_protect", (ulong)performed.OldProtection)]) with { Bound = performed.Base }
            : CallAnswer.Of(performed.Status, outputs);
    }

    private static CallAnswer Query(SessionMachine machine, int process, QueryMemoryCall query)
    {
        MemoryQueried found = machine.Query(process, query.Address);
        if (found.Size == 0)
        {
            return CallAnswer.Of(NtStatus.InvalidParameter);
        }

        if (query.Buffer is { } buffer && buffer.Bytes + (buffer.Form == BufferForm.Size ? BasicInformationBytes : 0) < BasicInformationBytes)
        {
            return CallAnswer.Of(NtStatus.InfoLengthMismatch);
        }

        return CallAnswer.Of(
            NtStatus.Success,
            ("base", found.Base),
            ("region_size", found.Size),
            ("allocation_base", found.AllocationBase),
            ("allocation_protect", found.AllocationProtection),
            ("state", (ulong)found.State),
            ("protect", found.Protection),
            ("type", found.AllocationBase == 0 ? 0 : MissingParts.Private));
    }

    /// <summary>An access of bytes on two pages takes place when both pages allow it, the lower one asked first.</summary>
    private static CallAnswer Access(SessionMachine machine, int process, AccessCall access)
    {
        var kind = (OperationKind)access.Kind;
        int first = (int)Math.Min(access.Width, PageSize.Bytes - (access.Address % PageSize.Bytes));
        int second = (int)access.Width - first;
        if (second > 0)
        {
            foreach (ulong page in new[] { access.Address, access.Address + (ulong)first })
            {
                Performed touched = machine.Do(process, new Operation(kind, page));
                if (touched.Status != NtStatus.Success)
                {
                    return Exception(touched.Status, access.Kind);
                }
            }
        }

        bool moves = access.Kind != AccessKind.Execute;
        Performed performed = machine.Do(process, new Operation(kind, access.Address, moves ? (ulong)first : 0), access.Value & Mask(first));
        if (performed.Status != NtStatus.Success)
        {
            return Exception(performed.Status, access.Kind);
        }

        ulong data = performed.Size;
        if (second > 0)
        {
            Performed rest = machine.Do(process, new Operation(kind, access.Address + (ulong)first, (ulong)second), access.Value >> (first * 8));
            data |= rest.Size << (first * 8);
        }

        return CallAnswer.Of(NtStatus.Success, access.Kind == AccessKind.Read ? [("data", data)] : []);
    }

    private static ulong Mask(int bytes) => bytes >= sizeof(ulong) ? ulong.MaxValue : (1UL << (bytes * 8)) - 1;

    private static CallAnswer Exception(NtStatus status, AccessKind access) => CallAnswer.Of(status, ("fault_kind", access switch
    {
        AccessKind.Read => "read",
        AccessKind.Write => "write",
        AccessKind.Execute => "execute",
    }));

    private CallAnswer AllocateUntilFailure(SessionMachine machine, int process, AllocateUntilFailureCall many)
    {
        CallAnswer last = CallAnswer.Of(NtStatus.Success);
        for (ulong count = 0; count < (many.MaxCount ?? ulong.MaxValue); count++)
        {
            last = Call(machine, process, KindOf(many.Type), 0, many.Size, many.Protect);
            if (last.Bound is not { } start)
            {
                break;
            }

            _counted.Add((process, start));
        }

        return last;
    }

    private CallAnswer ReleaseAll(SessionMachine machine)
    {
        CallAnswer last = CallAnswer.Of(NtStatus.Success);
        foreach ((int process, ulong start) in _counted)
        {
            last = Call(machine, process, OperationKind.Release, start, 0, 0);
            if (last.Status != NtStatus.Success)
            {
                break;
            }
        }

        _counted.Clear();
        return last;
    }
}
