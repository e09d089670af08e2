using ActorVmm.Actors;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Conformance.Calls;

namespace ActorVmm.Machine.Conformance;

/// <summary>Makes the message of a call: what a system-service stub does, which looks up handles and captures arrays, and judges nothing.</summary>
internal static class CallTranslation
{
    private const uint MapProcess = 1;

    public static NativeCall? Of(ConformanceCall call) => Translate(call) is { } native ? Addressed(call, native) : null;

    /// <summary>The call with its process handle, its thread, and its NULL pointers.</summary>
    public static NativeCall Addressed(ConformanceCall call, NativeCall native) =>
        native with { Handle = HandleOf(call.Process), Thread = ThreadOf(call), Flags = native.Flags | FlagsOf(call.NullOutputs) };

    /// <summary>The number of the calling thread where the call acts: a thread of <c>self</c> has none in <c>other</c>.</summary>
    public static int ThreadOf(ConformanceCall call) => call.Process == ProcessHandle.Other ? -1 : (int)(call.Thread ?? 0);

    private static NativeCall? Translate(ConformanceCall call) => call switch
    {
        AllocateCall allocate => OfAllocation(allocate),
        FreeCall free => new NativeCall(CallService.Free, free.Base, free.Size) { Type = free.Type },
        ProtectCall protect => new NativeCall(CallService.Protect, protect.Base, protect.Size) { Protection = protect.Protect },
        LockCall locks => new NativeCall(locks.Unlock ? CallService.Unlock : CallService.Lock, locks.Base, locks.Size) { Type = MapProcess },
        GetWriteWatchCall get => new NativeCall(CallService.GetWriteWatch, get.Base, get.Size) { Type = get.Flags, Protection = Math.Min(get.MaxCount ?? uint.MaxValue, uint.MaxValue) },
        ResetWriteWatchCall reset => new NativeCall(CallService.ResetWriteWatch, reset.Base, reset.Size),
        PrefetchCall prefetch => OfPrefetch(prefetch),
        ProbeCall probe => new NativeCall(probe.ForWrite ? CallService.ProbeForWrite : CallService.ProbeForRead, probe.Address, probe.Size),
        MapMdlCall map => new NativeCall(CallService.MapDriverPages, map.Base, map.Size),
        UnmapMdlCall unmap => new NativeCall(CallService.UnmapDriverPages, unmap.Base, 0),
        QueryMemoryCall query => new NativeCall(ServiceOf(query.Information), query.Address, 0),
        QueryCountersCall => new NativeCall(CallService.QueryCounters, 0, 0),
        UnmapViewCall unmap => new NativeCall(CallService.UnmapView, unmap.Base, 0) { Type = unmap.Flags ?? 0 },
        FlushViewCall flush => new NativeCall(CallService.FlushView, flush.Base, flush.Size),
        SameMappedFileCall same => new NativeCall(CallService.CompareMappedFiles, same.First, same.Second),
        EmptyWorkingSetCall => new NativeCall(CallService.EmptyWorkingSet, 0, 0),
        _ => null,
    };

    /// <summary>A copy between two processes, heard by the caller's own.</summary>
    /// <param name="copy">What is copied.</param>
    /// <param name="other">The process that it is copied from or to.</param>
    public static NativeCall OfCopy(CopyCall copy, ActorId other)
    {
        (ulong own, ulong there) = copy.IsWrite ? (copy.From, copy.To) : (copy.To, copy.From);
        return new NativeCall(copy.IsWrite ? CallService.WriteProcess : CallService.ReadProcess, own, copy.Size)
        {
            Handle = HandleOf(copy.Process),
            Words = [there, (ulong)other.Value],
        };
    }

    private static NativeCall OfAllocation(AllocateCall allocate)
    {
        ExtendedParameters? extended = allocate.Extended;
        var requirements = extended?.Array?.OfType<AddressRequirements>().FirstOrDefault();
        ulong attributes = extended?.Array?.OfType<AttributeFlags>().FirstOrDefault()?.Bits ?? 0;
        ParameterArray array = extended is null ? ParameterArray.None : ArrayOf(extended);
        bool plain = allocate.ZeroBits == 0 && array == ParameterArray.None;
        return new NativeCall(CallService.Allocate, allocate.Base, allocate.Size)
        {
            Type = allocate.Type,
            Protection = allocate.Protect,
            Flags = (extended is null ? CallFlags.None : CallFlags.Extended) | (allocate.FromApp ? CallFlags.FromApp : CallFlags.None),
            Words = plain ? [] : [allocate.ZeroBits, requirements?.Lowest ?? 0, requirements?.Highest ?? 0, requirements?.Alignment ?? 0, (ulong)array, attributes],
        };
    }

    /// <summary>What an array of extended parameters holds.</summary>
    public static ParameterArray ArrayOf(ExtendedParameters extended)
    {
        if (extended.Array is not { } array)
        {
            return extended.Count == 0 ? ParameterArray.None : ParameterArray.Missing;
        }

        ParameterArray found = ParameterArray.None;
        foreach (ExtendedParameter parameter in array.Take((int)extended.Count))
        {
            ParameterArray kind = parameter switch
            {
                AddressRequirements => ParameterArray.Requirements,
                AttributeFlags => ParameterArray.Attributes,
                _ => ParameterArray.Unknown,
            };
            found |= (found & kind) != 0 ? ParameterArray.Duplicate : kind;
        }

        return found;
    }

    private static NativeCall OfPrefetch(PrefetchCall prefetch) => new(CallService.SetInformation, prefetch.FlagsSize, prefetch.EntryCount)
    {
        Type = prefetch.InformationClass,
        Protection = prefetch.Flags ?? 0,
        Flags = (prefetch.Ranges is null ? CallFlags.NullBase : CallFlags.None) | (prefetch.Flags is null ? CallFlags.NullOutput : CallFlags.None),
        Words = [.. prefetch.Ranges?.SelectMany(range => new[] { range.Base, range.Size }) ?? []],
    };

    private static CallService ServiceOf(MemoryInformation information) => information switch
    {
        MemoryInformation.Basic => CallService.QueryBasic,
        MemoryInformation.Region => CallService.QueryRegion,
        MemoryInformation.Image => CallService.QueryImage,
        MemoryInformation.MappedName => CallService.QueryMappedName,
        MemoryInformation.WorkingSetEx => CallService.QueryWorkingSet,
    };

    private static HandleResolution HandleOf(ProcessHandle handle) => handle switch
    {
        ProcessHandle.Self or ProcessHandle.Other or ProcessHandle.MinusOne => HandleResolution.Resolved,
        ProcessHandle.Null or ProcessHandle.Bad => HandleResolution.Invalid,
    };

    private static CallFlags FlagsOf(NullOutputs outputs) => outputs switch
    {
        NullOutputs.None => CallFlags.None,
        NullOutputs.All => CallFlags.NullBase | CallFlags.NullSize | CallFlags.NullOutput,
        NullOutputs.Buffer or NullOutputs.OldProtect or NullOutputs.Count or NullOutputs.Granularity or NullOutputs.Addresses => CallFlags.NullOutput,
    };
}
