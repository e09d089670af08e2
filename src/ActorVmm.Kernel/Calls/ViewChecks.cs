using System.Numerics;
using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Sections;

namespace ActorVmm.Kernel.Calls;

/// <summary>
/// What NtMapViewOfSection refuses before its section is asked (fact book §13.2), and where a view that is not refused goes.
/// </summary>
internal sealed class ViewChecks(AddressLimits limits, Platform platform)
{
    private const ulong GranularityMask = PageSize.GranularityBytes - 1;
    private const ulong PageMask = PageSize.Bytes - 1;
    private const ulong ViewShare = 1;
    private const ulong ViewUnmap = 2;
    private const uint RoundToPage = 0x4000_0000;
    private const uint Known = (uint)(AllocationType.TopDown | AllocationType.LargePages | AllocationType.Reserve) | (uint)SectionAttributes.NoChange;
    private const uint MapWrite = 2;
    private const uint MapRead = 4;
    private const uint MapExecute = 8;

    /// <summary>Rights of a handle, in the upper half of its word.</summary>
    private const int RightsShift = 32;

    /// <summary>What the arguments and the handles decide.</summary>
    public NtStatus Arguments(in MemoryRequest request)
    {
        if (request.ViewWord(ViewWord.Inherit) is not (ViewShare or ViewUnmap))
        {
            return NtStatus.InvalidParameter8;
        }

        uint known = Known | (platform.Is64Bit ? 0 : RoundToPage)
            | (request.Has(CallFlags.Extended) ? (uint)AllocationType.ReplacePlaceholder : 0);
        if (((uint)request.Type & ~known) != 0)
        {
            return NtStatus.InvalidParameter9;
        }

        if (request.Has(CallFlags.Extended) && !IsExtensionRight(request))
        {
            return NtStatus.InvalidParameter;
        }

        if (!ProtectionCode.TryFrom(request.Protection, out _))
        {
            return NtStatus.InvalidPageProtection;
        }

        if (request.Base > limits.HighestVad || request.Size > limits.HighestVad - request.Base + 1)
        {
            return NtStatus.InvalidParameter3;
        }

        ulong zeroBits = request.ViewWord(ViewWord.ZeroBits);
        if (!AllocationChecks.AreZeroBits(zeroBits, platform) || (request.Base != 0 && request.Base > AllocationChecks.HighestFor(zeroBits, limits).Start.Value + PageMask))
        {
            return NtStatus.InvalidParameter4;
        }

        NtStatus handles = request.HandleStatus != NtStatus.Success ? request.HandleStatus : SectionHandle(request);
        return handles != NtStatus.Success ? handles : Alignment(request);
    }

    /// <summary>Where a view goes whose section has agreed to it.</summary>
    /// <param name="request">The call.</param>
    /// <param name="preferred">Where the section would like to be, 0 for anywhere.</param>
    /// <param name="elsewhere">Whether it may be somewhere else instead.</param>
    /// <param name="pages">How many pages.</param>
    /// <param name="vads">What is there already.</param>
    /// <param name="start">First page.</param>
    /// <param name="end">Last page.</param>
    public NtStatus Place(in MemoryRequest request, ulong preferred, bool elsewhere, ulong pages, VadTree vads, out Vpn start, out Vpn end)
    {
        start = new VirtualAddress(request.Base != 0 ? request.Base : preferred).Page;
        end = new Vpn(start.Value + pages - 1);
        if (request.Has(AllocationType.ReplacePlaceholder))
        {
            int replaced = vads.Find(start);
            bool exact = replaced >= 0 && vads[replaced].IsPlaceholder && vads[replaced].Start == start && vads[replaced].End == end;
            return exact ? NtStatus.Success : NtStatus.ConflictingAddresses;
        }

        Vpn highest = AllocationChecks.HighestFor(request.ViewWord(ViewWord.ZeroBits), limits);
        bool free = start.Value != 0 && pages - 1 <= highest.Value - Math.Min(start.Value, highest.Value) && start.Value <= highest.Value && !vads.Overlaps(start, end);
        if (start.Value != 0 && (free || request.Base != 0 || !elsewhere))
        {
            return free ? NtStatus.Success : NtStatus.ConflictingAddresses;
        }

        ulong lowest = Math.Max(AddressLimits.Lowest.Value, request.ViewWord(ViewWord.Lowest) >> PageSize.Shift);
        ulong asked = request.ViewWord(ViewWord.Highest);
        ulong most = Math.Min(highest.Value, asked == 0 ? ulong.MaxValue : asked >> PageSize.Shift);
        bool found = vads.TryFindHole(pages, new Vpn(lowest), new Vpn(most), request.Has(AllocationType.TopDown), PageSize.GranularityPages, out start);
        end = found ? new Vpn(start.Value + pages - 1) : default;
        return found ? NtStatus.Success : NtStatus.NoMemory;
    }

    private static NtStatus SectionHandle(in MemoryRequest request)
    {
        ulong handle = request.ViewWord(ViewWord.Handle);
        NtStatus status = SectionChecks.HandleStatus((HandleResolution)(handle & 0xFF));
        if (status != NtStatus.Success || Has(request, ViewFlags.Kernel))
        {
            return status;
        }

        uint needed = NeededFor(request.Protection);
        return ((uint)(handle >> RightsShift) & needed) == needed ? NtStatus.Success : NtStatus.AccessDenied;
    }

    private static bool Has(in MemoryRequest request, ViewFlags flag) => ((ViewFlags)(request.ViewWord(ViewWord.Handle) & uint.MaxValue) & flag) != 0;

    private static uint NeededFor(PageProtection protection) => (protection & (PageProtection)0xFF) switch
    {
        PageProtection.ReadWrite => MapWrite,
        PageProtection.Execute => MapExecute,
        PageProtection.ExecuteRead or PageProtection.ExecuteWriteCopy => MapRead | MapExecute,
        PageProtection.ExecuteReadWrite => MapWrite | MapExecute,
        _ => MapRead,
    };

    private static NtStatus Alignment(in MemoryRequest request)
    {
        bool byPage = request.Has(AllocationType.ReplacePlaceholder) || ((uint)request.Type & RoundToPage) != 0;
        ulong mask = byPage ? PageMask : GranularityMask;
        bool aligned = ((request.Base | request.ViewWord(ViewWord.Offset)) & mask) == 0;
        return aligned || Has(request, ViewFlags.Unaligned) ? NtStatus.Success : NtStatus.MappedAlignment;
    }

    private bool IsExtensionRight(in MemoryRequest request)
    {
        const ParameterArray Wrong = ParameterArray.Unknown | ParameterArray.Duplicate | ParameterArray.Missing;
        var array = (ParameterArray)request.ViewWord(ViewWord.Array);
        ulong lowest = request.ViewWord(ViewWord.Lowest);
        ulong highest = request.ViewWord(ViewWord.Highest);
        bool requires = (array & ParameterArray.Requirements) != 0;
        bool right = request.Base == 0
            && request.ViewWord(ViewWord.Alignment) == 0
            && (lowest & GranularityMask) == 0 && lowest <= limits.HighestUser
            && (highest == 0 || ((highest & PageMask) == PageMask && highest <= limits.HighestUser && lowest < highest));
        return (array & Wrong) == 0 && (!requires || right) && (!request.Has(AllocationType.ReplacePlaceholder) || request.Base != 0);
    }
}
