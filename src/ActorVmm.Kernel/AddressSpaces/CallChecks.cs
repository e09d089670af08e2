namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>
/// What memory calls refuse, each check in the place Windows gives it, and the range of pages of a call that is not refused (fact book
/// §6 to §8).
/// </summary>
internal static class CallChecks
{
    /// <summary>Highest address an allocation may contain: one granule below the highest user address (fact book §2.1).</summary>
    public const ulong HighestVadAddress = 0x7FFF_FFFD_FFFF;

    private const ulong GranularityMask = PageSize.GranularityBytes - 1;

    public static NtStatus Reserve(Operation operation, VadTree vads, out Vpn start, out Vpn end)
    {
        start = default;
        end = default;
        NtStatus status = Allocation(operation);
        if (status != NtStatus.Success)
        {
            return status;
        }

        if (IsWriteCopy(operation.Protection))
        {
            return NtStatus.InvalidPageProtection;
        }

        ulong address = operation.Address;
        if (address == 0)
        {
            ulong pages = PageSize.PagesOf(operation.Argument);
            if (!vads.TryFindHole(pages, VirtualAddress.LowestUser.Page, new VirtualAddress(HighestVadAddress).Page, false, out start))
            {
                return NtStatus.NoMemory;
            }

            end = new Vpn(start.Value + pages - 1);
            return NtStatus.Success;
        }

        start = new VirtualAddress(address & ~GranularityMask).Page;
        end = new VirtualAddress(address + operation.Argument - 1).Page;
        if (start.Value < VirtualAddress.LowestUser.Page.Value)
        {
            return NtStatus.InvalidParameter;
        }

        return vads.Overlaps(start, end) ? NtStatus.ConflictingAddresses : NtStatus.Success;
    }

    public static NtStatus Commit(Operation operation, VadTree vads, out Vpn start, out Vpn end)
    {
        start = default;
        end = default;
        NtStatus status = Allocation(operation);
        if (status != NtStatus.Success)
        {
            return status;
        }

        start = new VirtualAddress(operation.Address).Page;
        end = new VirtualAddress(operation.Address + operation.Argument - 1).Page;
        int vad = vads.Find(start);
        if (vad < 0 || !vads[vad].Contains(end))
        {
            return NtStatus.ConflictingAddresses;
        }

        // Write-copy is for views; which kind of allocation this is, is known only here (fact book §4.1).
        return IsWriteCopy(operation.Protection) ? NtStatus.InvalidPageProtection : NtStatus.Success;
    }

    public static NtStatus Free(Operation operation, VadTree vads, out Vpn start, out Vpn end)
    {
        ulong address = operation.Address;
        ulong size = operation.Argument;
        start = new VirtualAddress(address).Page;
        end = default;
        if (address > VirtualAddress.HighestUser.Value)
        {
            return NtStatus.InvalidParameter2;
        }

        if (size > VirtualAddress.HighestUser.Value - address + 1)
        {
            return NtStatus.InvalidParameter3;
        }

        int index = vads.Find(start);
        if (index < 0)
        {
            return NtStatus.MemoryNotAllocated;
        }

        ref Vad vad = ref vads[index];
        end = size == 0 ? vad.End : new VirtualAddress(address + size - 1).Page;
        if (end.Value > vad.End.Value)
        {
            return NtStatus.UnableToFreeVm;
        }

        return size == 0 && start != vad.Start ? NtStatus.FreeVmNotAtBase : NtStatus.Success;
    }

    public static NtStatus Protect(Operation operation, AddressSpace space, out Vpn start, out Vpn end)
    {
        ulong address = operation.Address;
        ulong size = operation.Argument;
        start = new VirtualAddress(address).Page;
        end = default;
        if (!ProtectionCode.TryFrom(operation.Protection, out ProtectionCode protection))
        {
            return NtStatus.InvalidPageProtection;
        }

        if (address > VirtualAddress.HighestUser.Value)
        {
            return NtStatus.InvalidParameter2;
        }

        if (size == 0 || size > VirtualAddress.HighestUser.Value - address + 1)
        {
            return NtStatus.InvalidParameter3;
        }

        end = new VirtualAddress(address + size - 1).Page;
        int vad = space.Vads.Find(start);
        if (vad < 0 || !space.Vads[vad].Contains(end))
        {
            return NtStatus.ConflictingAddresses;
        }

        if (protection.IsCopyOnWrite)
        {
            return NtStatus.InvalidParameter4;
        }

        return CommittedPages.All(space.Vads[vad], start, end, space.Tables) ? NtStatus.Success : NtStatus.NotCommitted;
    }

    private static bool IsWriteCopy(PageProtection protection) =>
        (protection & (PageProtection.WriteCopy | PageProtection.ExecuteWriteCopy)) != 0;

    /// <summary>What reserving and committing both refuse.</summary>
    private static NtStatus Allocation(Operation operation)
    {
        if (!ProtectionCode.TryFrom(operation.Protection, out _))
        {
            return NtStatus.InvalidPageProtection;
        }

        if (operation.Address > HighestVadAddress)
        {
            return NtStatus.InvalidParameter2;
        }

        bool fits = operation.Argument != 0 && operation.Argument <= HighestVadAddress - operation.Address + 1;
        return fits ? NtStatus.Success : NtStatus.InvalidParameter4;
    }
}
