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
    private readonly SessionPlan _plan;
    private readonly SessionMachine _machine;
    private readonly SessionStacks _stacks;
    private readonly SessionImages _images;
    private readonly SectionCalls _sections;
    private readonly FileCalls _files;
    private readonly HandleTable _handles = new();
    private readonly List<ulong> _virtualSizes = [];
    private readonly List<(int Process, ulong Base)> _counted = [];

    public ConformanceSession(SessionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _plan = plan;
        _machine = new SessionMachine(plan);
        _images = new SessionImages(_machine);
        _stacks = new SessionStacks(_machine, plan.Architecture);
        _sections = new SectionCalls(plan, _machine, _handles);
        _files = new FileCalls(plan, _machine, _handles);
    }

    public CallAnswer Carry(ConformanceCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (Win32Layer.Refuses(call, _plan.Level) is { } refused)
        {
            return CallAnswer.Of(refused);
        }

        ConformanceCall native = Win32Layer.Translate(call, _plan.Level);
        CallAnswer answer = MissingParts.Of(native) is { } missing ? CallAnswer.NotSupported(missing) : CarryOut(native);
        return answer.Unsupported is null ? answer with { Broken = _machine.Broken() } : answer;
    }

    public ulong? ValueOf(string symbol) => symbol switch
    {
        "$self" => 0,
        "$image_stack_commit" => SessionStacks.ImageCommit,
        "$image_stack_reserve" => SessionStacks.ImageReserve,
        "$occupied" => _images.Occupied(),
        "$free" => SessionImages.Free,
        _ => null,
    };

    public ulong? MemberOf(ulong value, string member) => member is "text" ? _images.TextOf(value) : _stacks.MemberOf(value, member);

    public ulong? LengthOf(ulong file) => _files.LengthOf(file);

    public void Dispose()
    {
    }

    private CallAnswer CarryOut(ConformanceCall call)
    {
        int process = call.Process == ProcessHandle.Other ? 1 : 0;
        return call switch
        {
            AccessCall access => Access(_machine, process, access),
            CreateThreadCall or CreateUserStackCall or ReserveThreadStackCall or SetStackCall or TouchStackCall or QueryStackCall => _stacks.Carry(call),
            AllocateUntilFailureCall many => AllocateUntilFailure(process, many),
            ReleaseAllCall => ReleaseAll(),
            CreateSectionCall create => _sections.Create(create),
            OpenSectionCall open => _sections.Open(open),
            DuplicateHandleCall duplicate => _sections.Duplicate(duplicate),
            CloseCall close => _files.Close(close) ?? _sections.Close(close),
            CreateFileCall create => _files.Create(create),
            ReadFileCall read => _files.Read(read),
            SetFileSizeCall set => _files.SetSize(set),
            SetDeleteOnCloseCall set => _files.SetDeleteOnClose(set),
            ReopenFileCall reopen => _files.Reopen(reopen),
            TransferFileCall transfer => _files.Transferred(_machine.Call(process, _files.Transfer(transfer))),
            QuerySectionCall query => _sections.QueryObject(query),
            MapViewCall map => RangeOf(_machine.Call(process, CallTranslation.Addressed(map, _sections.View(map)))),
            CopyCall copy => Moved(_machine.Call(0, CallTranslation.OfCopy(copy, _machine.ProcessAt(process)))),
            _ when CallTranslation.Of(call) is { } native => Describe(call, native, _machine.Call(process, native)),
            _ => throw new ArgumentException($"{call.GetType().Name} is no call of this session", nameof(call)),
        };
    }

    /// <summary>What the caller finds in its outputs.</summary>
    private CallAnswer Describe(ConformanceCall call, NativeCall native, NativeAnswer answer)
    {
        bool queries = call is QueryMemoryCall or QueryCountersCall;
        if (queries && answer.Succeeded && !StructureLengths.Accepts(native.Service, call.Buffer, _plan.Architecture))
        {
            return CallAnswer.Of(NtStatus.InfoLengthMismatch);
        }

        if (native.Service == CallService.QueryMappedName && answer.Succeeded && !StructureLengths.HoldsName(call.Buffer, _plan.Architecture))
        {
            return CallAnswer.Of(NtStatus.BufferOverflow);
        }

        if (queries && answer.Succeeded && call.NullOutputs != NullOutputs.None)
        {
            return CallAnswer.Of(NtStatus.AccessViolation);
        }

        return native.Service switch
        {
            CallService.QueryBasic or CallService.QueryRegion or CallService.QueryImage or CallService.QueryMappedName or CallService.QueryWorkingSet
                when answer.Succeeded => CallAnswer.Of(answer.Status, QueryOutputs.Of(native.Service, answer)),
            CallService.QueryCounters when answer.Succeeded => Counters((QueryCountersCall)call, answer),
            CallService.GetWriteWatch when answer.Succeeded => CallAnswer.Of(answer.Status, ("pages", Output.Of(answer.Words)), ("count", answer.Returned.Detail)),
            _ => RangeOf(answer),
        };
    }

    private static CallAnswer Moved(NativeAnswer answer) => CallAnswer.Of(answer.Status, ("bytes", answer.Returned.Detail));

    private static CallAnswer RangeOf(NativeAnswer answer)
    {
        (string, Output)[] outputs = [("base", answer.Returned.Base), ("size", answer.Returned.Size)];
        return answer.Succeeded
            ? CallAnswer.Of(answer.Status, [.. outputs, ("old_protect", answer.Returned.Detail)]) with { Bound = answer.Returned.Base }
            : CallAnswer.Of(answer.Status, outputs);
    }

    private CallAnswer Counters(QueryCountersCall call, NativeAnswer answer)
    {
        ulong now = answer.Words[0];
        ulong delta = unchecked(now - (call.Since is { } since ? _virtualSizes[(int)since] : 0));
        _virtualSizes.Add(now);
        return CallAnswer.Of(
            answer.Status,
            ("virtual_size_delta", delta),
            ("virtual_size_delta_at_least", delta),
            ("private_equals_pagefile", answer.Words[2] == answer.Words[5] ? 1UL : 0)) with { Bound = (ulong)(_virtualSizes.Count - 1) };
    }

    /// <summary>An access of bytes on two pages takes place when both pages allow it, the lower one asked first.</summary>
    private CallAnswer Access(SessionMachine machine, int process, AccessCall access)
    {
        var kind = (OperationKind)access.Kind;
        int first = (int)Math.Min(access.Width, PageSize.Bytes - (access.Address % PageSize.Bytes));
        int second = (int)access.Width - first;
        int thread = CallTranslation.ThreadOf(access);
        if (second > 0)
        {
            foreach (ulong page in new[] { access.Address, access.Address + (ulong)first })
            {
                Performed touched = machine.Do(process, thread, new Operation(kind, page));
                if (touched.Status != NtStatus.Success)
                {
                    return Exception(touched.Status, access.Kind);
                }
            }
        }

        bool moves = access.Kind != AccessKind.Execute;
        Performed performed = machine.Do(process, thread, new Operation(kind, access.Address, moves ? (ulong)first : 0), access.Value & Mask(first));
        if (performed.Status != NtStatus.Success)
        {
            return Exception(performed.Status, access.Kind);
        }

        ulong data = performed.Size;
        if (second > 0)
        {
            Performed rest = machine.Do(process, thread, new Operation(kind, access.Address + (ulong)first, (ulong)second), access.Value >> (first * 8));
            data |= rest.Size << (first * 8);
        }

        return CallAnswer.Of(NtStatus.Success, access.Kind == AccessKind.Read ? [("data", data)] : []);
    }

    private static ulong Mask(int bytes) => bytes >= sizeof(ulong) ? ulong.MaxValue : (1UL << (bytes * 8)) - 1;

    private CallAnswer Exception(NtStatus status, AccessKind access) => CallAnswer.Of(status, ("fault_kind", access switch
    {
        AccessKind.Read => "read",
        AccessKind.Write => "write",
        AccessKind.Execute => _plan.DataExecutionPrevention ? "execute" : "read",
    }));

    private CallAnswer AllocateUntilFailure(int process, AllocateUntilFailureCall many)
    {
        CallAnswer last = CallAnswer.Of(NtStatus.Success);
        for (ulong count = 0; count < (many.MaxCount ?? ulong.MaxValue); count++)
        {
            last = RangeOf(_machine.Call(process, new NativeCall(CallService.Allocate, 0, many.Size) { Type = many.Type, Protection = many.Protect }));
            if (last.Bound is not { } start)
            {
                break;
            }

            _counted.Add((process, start));
        }

        return last;
    }

    private CallAnswer ReleaseAll()
    {
        CallAnswer last = CallAnswer.Of(NtStatus.Success);
        foreach ((int process, ulong start) in _counted)
        {
            last = RangeOf(_machine.Call(process, new NativeCall(CallService.Free, start, 0) { Type = (ulong)AllocationType.Release }));
            if (last.Status != NtStatus.Success)
            {
                break;
            }
        }

        _counted.Clear();
        return last;
    }
}
