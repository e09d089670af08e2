using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel.Calls;

/// <summary>
/// What memory calls refuse, each check in the place Windows gives it, and the range of pages of a call that is not refused (fact book
/// §6 to §11). Allocation has a file of its own (AllocationChecks.cs).
/// </summary>
internal static class CallChecks
{
    private const AllocationType PlaceholderBits = AllocationType.CoalescePlaceholders | AllocationType.PreservePlaceholder;
    private const uint MapProcess = 1;
    private const uint MapSystem = 2;

    /// <summary>NtFreeVirtualMemory.</summary>
    public static NtStatus Free(in MemoryRequest request, AddressSpace space, AddressLimits limits, WindowsVersion version, out Vpn start, out Vpn end)
    {
        ulong address = request.Base;
        ulong size = request.Size;
        start = new VirtualAddress(address).Page;
        end = default;
        AllocationType placeholder = request.Type & PlaceholderBits;
        if (!IsFreeType(request.Type, version))
        {
            return NtStatus.InvalidParameter4;
        }

        if (request.Has(CallFlags.NullBase) || request.Has(CallFlags.NullSize))
        {
            return NtStatus.AccessViolation;
        }

        if (address > limits.HighestUser)
        {
            return NtStatus.InvalidParameter2;
        }

        if (size > limits.HighestUser - address + 1 || (size == 0 && placeholder != 0))
        {
            return NtStatus.InvalidParameter3;
        }

        if (request.HandleStatus != NtStatus.Success)
        {
            return request.HandleStatus;
        }

        int index = space.Vads.Find(start);
        if (index < 0)
        {
            return NtStatus.MemoryNotAllocated;
        }

        ref Vad vad = ref space.Vads[index];
        end = size == 0 ? vad.End : new VirtualAddress(address + size - 1).Page;
        if (placeholder == AllocationType.CoalescePlaceholders)
        {
            return ArePlaceholders(space.Vads, index, start, end) ? NtStatus.Success : NtStatus.ConflictingAddresses;
        }

        if (end.Value > vad.End.Value)
        {
            return NtStatus.UnableToFreeVm;
        }

        if (vad.IsView || vad.Kind == VadKind.DevicePhysicalMemory)
        {
            return NtStatus.UnableToDeleteSection;
        }

        if (size == 0 && start != vad.Start)
        {
            return NtStatus.FreeVmNotAtBase;
        }

        if (vad.IsSecured)
        {
            return NtStatus.InvalidPageProtection;
        }

        if (placeholder == AllocationType.PreservePlaceholder)
        {
            return CanPreserve(vad, start, end) ? NtStatus.Success : NtStatus.ConflictingAddresses;
        }

        if (vad.Kind == VadKind.LargePages && !request.Has(AllocationType.Decommit) && (start != vad.Start || end != vad.End))
        {
            // A part of a large page cannot go.
            return NtStatus.InvalidParameter;
        }

        bool hasNoPages = request.Has(AllocationType.Decommit) && vad.Kind is (VadKind.Awe or VadKind.LargePages);
        return hasNoPages ? NtStatus.MemoryNotAllocated : NtStatus.Success;
    }

    /// <summary>NtProtectVirtualMemory.</summary>
    public static NtStatus Protect(in MemoryRequest request, AddressSpace space, AddressLimits limits, out Vpn start, out Vpn end)
    {
        start = new VirtualAddress(request.Base).Page;
        end = default;
        if (!ProtectionCode.TryFrom(request.Protection, out ProtectionCode protection))
        {
            return NtStatus.InvalidPageProtection;
        }

        if (request.Base > limits.HighestUser)
        {
            return NtStatus.InvalidParameter2;
        }

        if (request.Size == 0 || request.Size > limits.HighestUser - request.Base + 1)
        {
            return NtStatus.InvalidParameter3;
        }

        if ((request.Flags & (CallFlags.NullBase | CallFlags.NullSize | CallFlags.NullOutput)) != 0)
        {
            return NtStatus.AccessViolation;
        }

        if (request.HandleStatus != NtStatus.Success)
        {
            return request.HandleStatus;
        }

        end = new VirtualAddress(request.Base + request.Size - 1).Page;
        int index = space.Vads.Find(start);
        if (index < 0 || !space.Vads[index].Contains(end) || space.Vads[index].Kind is VadKind.Awe or VadKind.DevicePhysicalMemory or VadKind.LargePages)
        {
            return NtStatus.ConflictingAddresses;
        }

        if (space.Vads[index].IsSecured)
        {
            return NtStatus.InvalidPageProtection;
        }

        if (space.Vads[index].IsView)
        {
            return ProtectView(request, space, space.Vads[index]);
        }

        if (protection.IsCopyOnWrite)
        {
            return NtStatus.InvalidParameter4;
        }

        return CommittedPages.All(space.Vads[index], start, end, space.Tables) ? NtStatus.Success : NtStatus.NotCommitted;
    }

    private static NtStatus ProtectView(in MemoryRequest request, AddressSpace space, in Vad vad)
    {
        const PageProtection Caching = PageProtection.NoCache | PageProtection.WriteCombine;
        if ((request.Protection & Caching) != 0)
        {
            return NtStatus.InvalidParameter4;
        }

        // In an image a page that is to be written to becomes a copy: every protection is allowed.
        bool within = space.Views![vad.View].Segment == SegmentKind.Image || Sections.SectionChecks.IsWithin(request.Protection, vad.AllocationProtection);
        return within ? NtStatus.Success : NtStatus.SectionProtection;
    }

    /// <summary>NtLockVirtualMemory and NtUnlockVirtualMemory, up to where pages are looked at.</summary>
    public static NtStatus Lock(in MemoryRequest request, AddressSpace space, AddressLimits limits, out Vpn start, out Vpn end)
    {
        start = new VirtualAddress(request.Base).Page;
        end = default;
        var mapType = (uint)request.Type;
        if (mapType is 0 or > (MapProcess | MapSystem))
        {
            return NtStatus.InvalidParameter;
        }

        if (request.Has(CallFlags.NullBase) || request.Has(CallFlags.NullSize))
        {
            return NtStatus.AccessViolation;
        }

        if (request.Base > limits.HighestUser || request.Size == 0 || request.Size > limits.HighestUser - request.Base + 1)
        {
            return NtStatus.InvalidParameter;
        }

        if ((mapType & MapSystem) != 0)
        {
            // Nobody here holds SeLockMemoryPrivilege.
            return NtStatus.PrivilegeNotHeld;
        }

        if (request.HandleStatus != NtStatus.Success)
        {
            return request.HandleStatus;
        }

        end = new VirtualAddress(request.Base + request.Size - 1).Page;
        for (Vpn page = start; page.Value <= end.Value;)
        {
            int index = space.Vads.Find(page);
            if (index < 0)
            {
                return NtStatus.AccessViolation;
            }

            bool data = space.Vads[index].IsView && space.Views![space.Vads[index].View].Segment != SegmentKind.Image;
            if (data || space.Vads[index].Kind is VadKind.Awe or VadKind.DevicePhysicalMemory or VadKind.LargePages or VadKind.NonPagedPool or VadKind.PagedPool or VadKind.KernelStack)
            {
                return NtStatus.IncompatibleFileMap;
            }

            page = new Vpn(space.Vads[index].End.Value + 1);
        }

        return NtStatus.Success;
    }

    /// <summary>NtGetWriteWatch and NtResetWriteWatch.</summary>
    public static NtStatus WriteWatch(in MemoryRequest request, AddressSpace space, AddressLimits limits, out Vpn start, out Vpn end)
    {
        const uint ResetFlag = 1;
        start = new VirtualAddress(request.Base).Page;
        end = default;
        bool gets = request.Service == CallService.GetWriteWatch;
        if (gets && ((uint)request.Type & ~ResetFlag) != 0)
        {
            return NtStatus.InvalidParameter2;
        }

        if (request.Base > limits.HighestUser)
        {
            return NtStatus.InvalidParameter2;
        }

        if (request.Size > limits.HighestUser - request.Base + 1)
        {
            return NtStatus.InvalidParameter3;
        }

        if (request.Size == 0)
        {
            return NtStatus.InvalidParameter4;
        }

        if (request.Has(CallFlags.NullOutput))
        {
            return NtStatus.AccessViolation;
        }

        if (gets && request.Protection == 0)
        {
            return NtStatus.InvalidParameter5;
        }

        if (request.HandleStatus != NtStatus.Success)
        {
            return request.HandleStatus;
        }

        end = new VirtualAddress(request.Base + request.Size - 1).Page;
        int index = space.Vads.Find(start);
        bool watched = index >= 0 && space.Vads[index].Contains(end) && space.Vads[index].Kind == VadKind.WriteWatch;
        return watched ? NtStatus.Success : NtStatus.InvalidParameter1;
    }

    /// <summary>NtSetInformationVirtualMemory, whose only class so far is prefetch.</summary>
    public static NtStatus SetInformation(in MemoryRequest request)
    {
        const uint Prefetch = 0;
        if ((uint)request.Type != Prefetch)
        {
            return NtStatus.InvalidParameter2;
        }

        if (request.Has(CallFlags.NullOutput) || request.Protection != 0)
        {
            return NtStatus.InvalidParameter5;
        }

        if (request.Base != sizeof(uint))
        {
            return NtStatus.InvalidParameter6;
        }

        if (request.Size == 0)
        {
            return NtStatus.InvalidParameter3;
        }

        if (request.Has(CallFlags.NullBase))
        {
            return NtStatus.AccessViolation;
        }

        for (int range = 0; range < (int)request.Size; range++)
        {
            if (request.Word((range * 2) + 1) == 0)
            {
                return NtStatus.InvalidParameter4;
            }
        }

        return request.HandleStatus;
    }

    /// <summary>What a driver asks for that maps pages of its own into a process.</summary>
    public static NtStatus MapDriverPages(in MemoryRequest request, VadTree vads, AddressLimits limits, out Vpn start, out Vpn end)
    {
        start = new VirtualAddress(request.Base).Page;
        end = default;
        if (request.Size == 0)
        {
            return NtStatus.InvalidParameter;
        }

        if (request.Base == 0)
        {
            ulong pages = PageSize.PagesOf(request.Size);
            Vpn highest = new VirtualAddress(limits.HighestVad).Page;
            bool found = vads.TryFindHole(pages, AddressLimits.Lowest, highest, false, PageSize.GranularityPages, out start);
            end = found ? new Vpn(start.Value + pages - 1) : default;
            return found ? NtStatus.Success : NtStatus.InsufficientResources;
        }

        bool fits = request.Base % PageSize.Bytes == 0 && request.Base <= limits.HighestVad && request.Size <= limits.HighestVad - request.Base + 1;
        if (!fits)
        {
            return NtStatus.InvalidAddress;
        }

        end = new VirtualAddress(request.Base + request.Size - 1).Page;
        return vads.Overlaps(start, end) ? NtStatus.ConflictingAddresses : NtStatus.Success;
    }

    private static bool IsFreeType(AllocationType type, WindowsVersion version) =>
        type is AllocationType.Decommit or AllocationType.Release
        || (version >= WindowsVersion.Windows10Release1803
            && type is (AllocationType.Release | AllocationType.CoalescePlaceholders) or (AllocationType.Release | AllocationType.PreservePlaceholder));

    /// <summary>A placeholder is split, and so only a part of it can be meant; what replaced one turns back as a whole.</summary>
    private static bool CanPreserve(in Vad vad, Vpn start, Vpn end)
    {
        bool whole = vad.Start == start && vad.End == end;
        return vad.IsPlaceholder ? !whole : whole && (vad.Flags & VadFlags.ReplacedPlaceholder) != 0;
    }

    /// <summary>Whether a range is exactly that of two or more placeholders side by side.</summary>
    private static bool ArePlaceholders(VadTree vads, int first, Vpn start, Vpn end)
    {
        if (vads[first].Start != start || vads[first].End.Value >= end.Value)
        {
            return false;
        }

        ulong next = start.Value;
        int index = first;
        while (next <= end.Value)
        {
            if (index == vads.Count || vads[index].Start.Value != next || !vads[index].IsPlaceholder)
            {
                return false;
            }

            next = vads[index].End.Value + 1;
            index++;
        }

        return next == end.Value + 1;
    }
}
