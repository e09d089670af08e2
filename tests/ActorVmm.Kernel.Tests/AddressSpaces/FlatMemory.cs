using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.AddressSpaces;

/// <summary>
/// The memory of one process as its owner sees it, written straight from the fact book (§4, §6 to §9, §12): allocations, and for each
/// committed page its protection. It knows nothing of frames, tables or lists; it says what every operation must answer.
/// </summary>
internal sealed class FlatMemory(ulong quota = ulong.MaxValue)
{
    private const ulong HighestVad = 0x7FFF_FFFD_FFFF;
    private const ulong HighestUser = 0x7FFF_FFFE_FFFF;

    /// <summary>The page that Windows shares with every process; nobody is charged for it (fact book §2).</summary>
    private const ulong SharedPage = 0x7FFE0;

    private readonly SortedDictionary<ulong, Allocation> _allocations = new() { [SharedPage] = new(SharedPage, SharedPage, PageProtection.ReadOnly) };
    private readonly Dictionary<ulong, PageProtection> _committed = new() { [SharedPage] = PageProtection.ReadOnly };

    private sealed record Allocation(ulong Start, ulong End, PageProtection Protection);

    /// <summary>Pages that are committed.</summary>
    public int Committed => _committed.Count - 1;

    /// <summary>Whether these pages lie in one allocation.</summary>
    public bool Contains(ulong first, ulong last) => Find(first) is { } allocation && allocation.End >= last;

    public PageProtection? ProtectionOf(ulong page) => _committed.TryGetValue(page, out var protection) ? protection : null;

    /// <summary>
    /// Carries out an operation. The ledger of the whole machine is not known here, so <paramref name="refused"/> says whether it
    /// refused a charge, or a page could not be read; that is taken as true where it could have been.
    /// </summary>
    public Performed Perform(Operation operation, ulong request, NtStatus refused = NtStatus.Success)
    {
        ulong address = operation.Address;
        ulong size = operation.Argument;
        var protection = operation.Protection;
        var (status, start, bytes, old) = operation.Kind switch
        {
            OperationKind.Reserve => Reserve(address, size, protection, false, refused),
            OperationKind.ReserveCommit => Reserve(address, size, protection, true, refused),
            OperationKind.Commit when address == 0 => Reserve(address, size, protection, true, refused),
            OperationKind.Commit => Commit(address, size, protection, refused),
            OperationKind.Decommit => Free(address, size, false, refused),
            OperationKind.Release => Free(address, size, true, refused),
            OperationKind.Protect => Protect(address, size, protection, refused),
            OperationKind.Read or OperationKind.Write or OperationKind.Execute =>
                (Access(address, (AccessKind)operation.Kind, refused), address, 0UL, PageProtection.None),
            _ => throw new ArgumentOutOfRangeException(nameof(operation)),
        };
        return new Performed(start, bytes, status, old, request);
    }

    public MemoryQueried Query(ulong address)
    {
        ulong page = address >> 12;
        if (address > HighestUser)
        {
            return new MemoryQueried(page << 12, 0, 0, RegionState.Free, (ushort)PageProtection.NoAccess, 0);
        }

        if (address > HighestVad)
        {
            return new MemoryQueried(page << 12, HighestVad + 1, HighestUser + 1 - (page << 12), RegionState.Reserve, (ushort)PageProtection.NoAccess, 0);
        }

        if (Find(page) is not { } allocation)
        {
            ulong limit = _allocations.Keys.Where(start => start > page).Append((HighestVad + 1) >> 12).First();
            return new MemoryQueried(page << 12, 0, (limit - page) << 12, RegionState.Free, (ushort)PageProtection.NoAccess, 0);
        }

        var kind = ProtectionOf(page);
        ulong end = page;
        while (end < allocation.End && ProtectionOf(end + 1) == kind)
        {
            end++;
        }

        return new MemoryQueried(
            page << 12,
            allocation.Start << 12,
            (end - page + 1) << 12,
            kind is null ? RegionState.Reserve : RegionState.Commit,
            (ushort)(kind ?? PageProtection.None),
            (ushort)allocation.Protection);
    }

    /// <summary>What an access answers; the first touch of a guard page takes the guard away.</summary>
    public NtStatus Access(ulong address, AccessKind access, NtStatus refused = NtStatus.Success)
    {
        ulong page = address >> 12;
        if (refused == NtStatus.InPageError && Find(page) is not null)
        {
            // What could not be read may have been the page table, and then nobody knows what may be done with the page.
            return refused;
        }

        if (ProtectionOf(page) is not { } protection)
        {
            return NtStatus.AccessViolation;
        }

        bool guarded = (protection & PageProtection.Guard) != 0;
        bool allowed = Allows(protection, access);
        if (!allowed && !(guarded && access == AccessKind.Execute))
        {
            return NtStatus.AccessViolation;
        }

        if (refused != NtStatus.Success)
        {
            return refused;
        }

        if (guarded)
        {
            _committed[page] = protection & ~PageProtection.Guard;
            return NtStatus.GuardPageViolation;
        }

        return allowed ? NtStatus.Success : NtStatus.AccessViolation;
    }

    public static bool IsValid(PageProtection protection)
    {
        const PageProtection Modifiers = PageProtection.Guard | PageProtection.NoCache | PageProtection.WriteCombine;
        var modifiers = protection & Modifiers;
        return (uint)(protection & ~Modifiers) is 1 or 2 or 4 or 8 or 0x10 or 0x20 or 0x40 or 0x80
            && (uint)modifiers is 0 or 0x100 or 0x200 or 0x400
            && (modifiers == 0 || (protection & PageProtection.NoAccess) == 0);
    }

    public static bool Allows(PageProtection protection, AccessKind access) => access switch
    {
        AccessKind.Read => (protection & PageProtection.NoAccess) == 0,
        AccessKind.Write => (protection & (PageProtection.ReadWrite | PageProtection.ExecuteReadWrite)) != 0,
        AccessKind.Execute => ((uint)protection & 0xF0) != 0,
    };

    private static bool IsWriteCopy(PageProtection protection) => (protection & (PageProtection.WriteCopy | PageProtection.ExecuteWriteCopy)) != 0;

    private static (NtStatus Status, ulong Start, ulong Bytes, PageProtection Old) Fails(NtStatus status) => (status, 0, 0, PageProtection.None);

    private static (NtStatus Status, ulong Start, ulong Bytes, PageProtection Old) Succeeds(ulong start, ulong end, PageProtection old = PageProtection.None) =>
        (NtStatus.Success, start << 12, (end - start + 1) << 12, old);

    private static NtStatus CheckAllocation(ulong address, ulong size, PageProtection protection) =>
        !IsValid(protection) ? NtStatus.InvalidPageProtection
        : address > HighestVad ? NtStatus.InvalidParameter2
        : size == 0 || size > HighestVad - address + 1 ? NtStatus.InvalidParameter4
        : NtStatus.Success;

    private (NtStatus Status, ulong Start, ulong Bytes, PageProtection Old) Reserve(ulong address, ulong size, PageProtection protection, bool commit, NtStatus refused)
    {
        var status = CheckAllocation(address, size, protection);
        if (status != NtStatus.Success || IsWriteCopy(protection))
        {
            return Fails(status != NtStatus.Success ? status : NtStatus.InvalidPageProtection);
        }

        ulong start;
        ulong end;
        if (address == 0)
        {
            ulong pages = (size + 4095) >> 12;
            start = 16;
            foreach (var allocation in _allocations.Values.TakeWhile(allocation => allocation.Start < start + pages))
            {
                start = (allocation.End + 16) & ~15UL;
            }

            end = start + pages - 1;
            if (end > HighestVad >> 12)
            {
                return Fails(NtStatus.NoMemory);
            }
        }
        else
        {
            start = address >> 16 << 4;
            end = (address + size - 1) >> 12;
            if (start < 16)
            {
                return Fails(NtStatus.InvalidParameter);
            }

            if (_allocations.Values.Any(allocation => allocation.Start <= end && allocation.End >= start))
            {
                return Fails(NtStatus.ConflictingAddresses);
            }
        }

        ulong charge = commit ? end - start + 1 : 0;
        if (Refusal(charge, refused) is var refusal and not NtStatus.Success)
        {
            return Fails(refusal);
        }

        _allocations.Add(start, new Allocation(start, end, protection));
        for (ulong page = start; commit && page <= end; page++)
        {
            _committed.Add(page, protection);
        }

        return Succeeds(start, end);
    }

    private (NtStatus Status, ulong Start, ulong Bytes, PageProtection Old) Commit(ulong address, ulong size, PageProtection protection, NtStatus refused)
    {
        var status = CheckAllocation(address, size, protection);
        if (status != NtStatus.Success)
        {
            return Fails(status);
        }

        ulong start = address >> 12;
        ulong end = (address + size - 1) >> 12;
        if (Find(start) is not { } allocation || allocation.End < end)
        {
            return Fails(NtStatus.ConflictingAddresses);
        }

        if (start == SharedPage || IsWriteCopy(protection))
        {
            return Fails(NtStatus.InvalidPageProtection);
        }

        ulong charge = 0;
        for (ulong page = start; page <= end; page++)
        {
            charge += _committed.ContainsKey(page) ? 0UL : 1UL;
        }

        if (Refusal(charge, refused) is var refusal and not NtStatus.Success)
        {
            return Fails(refusal);
        }

        for (ulong page = start; page <= end; page++)
        {
            _committed[page] = protection;
        }

        return Succeeds(start, end);
    }

    private (NtStatus Status, ulong Start, ulong Bytes, PageProtection Old) Free(ulong address, ulong size, bool release, NtStatus refused)
    {
        if (address > HighestUser || size > HighestUser - address + 1)
        {
            return Fails(address > HighestUser ? NtStatus.InvalidParameter2 : NtStatus.InvalidParameter3);
        }

        ulong start = address >> 12;
        if (Find(start) is not { } allocation)
        {
            return Fails(NtStatus.MemoryNotAllocated);
        }

        ulong end = size == 0 ? allocation.End : (address + size - 1) >> 12;
        if (end > allocation.End)
        {
            return Fails(NtStatus.UnableToFreeVm);
        }

        if (size == 0 && start != allocation.Start)
        {
            return Fails(NtStatus.FreeVmNotAtBase);
        }

        if (start == SharedPage)
        {
            return Fails(NtStatus.InvalidPageProtection);
        }

        // Marking part of a region as decommitted takes page tables, which are charged; giving up all of it takes none.
        bool whole = start == allocation.Start && end == allocation.End;
        if (!release && !whole && refused != NtStatus.Success)
        {
            return Fails(refused);
        }

        for (ulong page = start; page <= end; page++)
        {
            _committed.Remove(page);
        }

        if (!release)
        {
            return size == 0 ? (NtStatus.Success, start << 12, 0, PageProtection.None) : Succeeds(start, end);
        }

        _allocations.Remove(allocation.Start);
        if (start > allocation.Start)
        {
            _allocations.Add(allocation.Start, allocation with { End = start - 1 });
        }

        if (end < allocation.End)
        {
            _allocations.Add(end + 1, allocation with { Start = end + 1 });
        }

        return Succeeds(start, end);
    }

    private (NtStatus Status, ulong Start, ulong Bytes, PageProtection Old) Protect(ulong address, ulong size, PageProtection protection, NtStatus refused)
    {
        if (!IsValid(protection))
        {
            return Fails(NtStatus.InvalidPageProtection);
        }

        if (address > HighestUser || size == 0 || size > HighestUser - address + 1)
        {
            return Fails(address > HighestUser ? NtStatus.InvalidParameter2 : NtStatus.InvalidParameter3);
        }

        ulong start = address >> 12;
        ulong end = (address + size - 1) >> 12;
        if (Find(start) is not { } allocation || allocation.End < end)
        {
            return Fails(NtStatus.ConflictingAddresses);
        }

        if (start == SharedPage)
        {
            return Fails(NtStatus.InvalidPageProtection);
        }

        if (IsWriteCopy(protection))
        {
            return Fails(NtStatus.InvalidParameter4);
        }

        for (ulong page = start; page <= end; page++)
        {
            if (!_committed.ContainsKey(page))
            {
                return Fails(NtStatus.NotCommitted);
            }
        }

        if (refused != NtStatus.Success)
        {
            return Fails(refused);
        }

        // Caching belongs to the allocation (fact book §4.3); a page without access, or a guard page, shows none.
        const PageProtection Caching = PageProtection.NoCache | PageProtection.WriteCombine;
        bool shows = (protection & (PageProtection.NoAccess | PageProtection.Guard)) == 0;
        var old = _committed[start];
        for (ulong page = start; page <= end; page++)
        {
            _committed[page] = (protection & ~Caching) | (shows ? allocation.Protection & Caching : PageProtection.None);
        }

        return Succeeds(start, end, old);
    }

    private NtStatus Refusal(ulong charge, NtStatus refused) =>
        charge > quota || (ulong)Committed > quota - charge ? NtStatus.PagefileQuotaExceeded : refused;

    private Allocation? Find(ulong page) =>
        _allocations.Values.FirstOrDefault(allocation => allocation.Start <= page && allocation.End >= page);
}
