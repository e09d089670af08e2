using System.Numerics;
using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel.Calls;

/// <summary>
/// What NtAllocateVirtualMemory refuses, in Windows' order (fact book §6.1), and where an allocation that is not refused will be. First
/// everything that depends on the arguments alone, then what depends on the address space.
/// </summary>
internal sealed class AllocationChecks(AddressLimits limits, Platform platform, bool lockMemoryPrivilege = false)
{
    private const ulong GranularityMask = PageSize.GranularityBytes - 1;
    private const ulong PageMask = PageSize.Bytes - 1;
    private const int WordBits = 32;

    /// <summary>Zero bits that leave no place at all; more of them are no number of bits.</summary>
    private const ulong MostZeroBits = 21;

    private const AllocationType Plain =
        AllocationType.Commit | AllocationType.Reserve | AllocationType.Reset | AllocationType.TopDown | AllocationType.WriteWatch
        | AllocationType.Physical | AllocationType.LargePages;

    private const AllocationType Placeholders = AllocationType.ReservePlaceholder | AllocationType.ReplacePlaceholder;

    /// <summary>What the arguments alone decide (rows 1 to 14).</summary>
    public NtStatus Arguments(in MemoryRequest request)
    {
        NtStatus status = Words(request);
        if (status != NtStatus.Success)
        {
            return status;
        }

        if (request.Has(CallFlags.NullBase) || request.Has(CallFlags.NullSize))
        {
            return NtStatus.AccessViolation;
        }

        if (request.Base > limits.HighestVad)
        {
            return NtStatus.InvalidParameter2;
        }

        if (request.Size == 0 || request.Size > limits.HighestVad - request.Base + 1)
        {
            return NtStatus.InvalidParameter4;
        }

        if (request.HandleStatus != NtStatus.Success)
        {
            return request.HandleStatus;
        }

        if (request.Has(AllocationType.LargePages))
        {
            return LargePages(request);
        }

        return request.Reserves && IsWriteCopy(request.Protection) ? NtStatus.InvalidPageProtection : NtStatus.Success;
    }

    /// <summary>Bytes of a large page: what one table of PTEs reaches (GetLargePageMinimum).</summary>
    private ulong LargePageBytes => (ulong)SelfMap.Of(platform.Architecture).EntriesPerTable << PageSize.Shift;

    /// <summary>SeLockMemoryPrivilege; then whole large pages, read and written (fact book §11).</summary>
    private NtStatus LargePages(in MemoryRequest request)
    {
        ulong rest = LargePageBytes - 1;
        return !lockMemoryPrivilege ? NtStatus.PrivilegeNotHeld
            : request.Protection != PageProtection.ReadWrite ? NtStatus.InvalidPageProtection
            : (request.Size & rest) != 0 ? NtStatus.InvalidParameter4
            : (request.Base & rest) != 0 ? NtStatus.InvalidParameter2
            : request.Has(AllocationType.Reserve) || request.Base == 0 ? NtStatus.Success
            : NtStatus.InvalidParameter5;
    }

    /// <summary>Where a reservation goes.</summary>
    public NtStatus Reserve(in MemoryRequest request, VadTree vads, out Vpn start, out Vpn end)
    {
        start = default;
        end = default;
        if (request.Base == 0)
        {
            return FindHole(request, vads, out start, out end);
        }

        end = new VirtualAddress(request.Base + request.Size - 1).Page;
        if (request.Has(AllocationType.ReplacePlaceholder))
        {
            start = new VirtualAddress(request.Base).Page;
            int replaced = vads.Find(start);
            bool exact = replaced >= 0 && vads[replaced].IsPlaceholder && vads[replaced].Start == start && vads[replaced].End == end;
            return exact && (request.Base & PageMask) == 0 ? NtStatus.Success : NtStatus.ConflictingAddresses;
        }

        start = new VirtualAddress(request.Base & ~GranularityMask).Page;
        if (start.Value < AddressLimits.Lowest.Value && !limits.TakesNullGranule)
        {
            return NtStatus.InvalidParameter;
        }

        bool contradicts = end.Value > HighestFor(request.ZeroBits, limits).Value;
        return contradicts || vads.Overlaps(start, end) ? NtStatus.ConflictingAddresses : NtStatus.Success;
    }

    /// <summary>Which pages of a reservation are to be committed, reset or taken back from a reset.</summary>
    public static NtStatus Within(in MemoryRequest request, VadTree vads, out Vpn start, out Vpn end)
    {
        start = new VirtualAddress(request.Base).Page;
        end = new VirtualAddress(request.Base + request.Size - 1).Page;
        int index = vads.Find(start);
        if (index < 0 || !vads[index].Contains(end) || vads[index].IsPlaceholder || vads[index].Kind is VadKind.Awe or VadKind.DevicePhysicalMemory or VadKind.LargePages)
        {
            return NtStatus.ConflictingAddresses;
        }

        if (vads[index].IsSecured)
        {
            return NtStatus.InvalidPageProtection;
        }

        // Write-copy is for views; which kind of allocation this is, is known only here (fact book §4.1).
        return request.Has(AllocationType.Commit) && IsWriteCopy(request.Protection) ? NtStatus.InvalidPageProtection : NtStatus.Success;
    }

    private NtStatus Words(in MemoryRequest request)
    {
        if (!AreZeroBits(request.ZeroBits, platform))
        {
            return NtStatus.InvalidParameter3;
        }

        NtStatus status = Type(request);
        if (status != NtStatus.Success)
        {
            return status;
        }

        if (request.Has(AllocationType.Physical) && request.Protection != PageProtection.ReadWrite)
        {
            return NtStatus.InvalidParameter6;
        }

        if (!ProtectionCode.TryFrom(request.Protection, out ProtectionCode protection))
        {
            return NtStatus.InvalidPageProtection;
        }

        if (request.Has(CallFlags.FromApp) && protection.CanExecute)
        {
            return NtStatus.InvalidParameter;
        }

        return request.Has(CallFlags.Extended) ? Extended(request) : NtStatus.Success;
    }

    private NtStatus Type(in MemoryRequest request)
    {
        AllocationType type = request.Type;
        AllocationType known = Plain
            | (platform.Version >= WindowsVersion.Windows8 ? AllocationType.ResetUndo : 0)
            | (request.Has(CallFlags.Extended) ? Placeholders : 0);
        AllocationType does = type & (AllocationType.Commit | AllocationType.Reserve | AllocationType.Reset | AllocationType.ResetUndo);
        bool resets = (type & (AllocationType.Reset | AllocationType.ResetUndo)) != 0;
        if ((type & ~known) != 0 || does == 0 || (resets && BitOperations.PopCount((uint)type) > 1))
        {
            return NtStatus.InvalidParameter5;
        }

        bool large = request.Has(AllocationType.LargePages);
        if (large && (!request.Has(AllocationType.Commit) || request.Has(AllocationType.Physical) || request.Has(AllocationType.WriteWatch)))
        {
            return NtStatus.InvalidParameter5;
        }

        if (request.Has(AllocationType.WriteWatch) && !request.Has(AllocationType.Reserve))
        {
            return NtStatus.InvalidParameter5;
        }

        const AllocationType WithPhysical = AllocationType.Reserve | AllocationType.Physical | AllocationType.TopDown;
        bool physical = request.Has(AllocationType.Physical);
        return physical && (!request.Has(AllocationType.Reserve) || (type & ~WithPhysical) != 0) ? NtStatus.InvalidParameter5 : NtStatus.Success;
    }

    /// <summary>What the Ex form is given beside its arguments (fact book §6.4); all of it fails alike.</summary>
    private NtStatus Extended(in MemoryRequest request)
    {
        const ParameterArray Wrong = ParameterArray.Unknown | ParameterArray.Duplicate | ParameterArray.Missing;
        bool wrong = (request.Parameters & Wrong) != 0
            || (request.Has(Placeholders) && !request.Has(AllocationType.Reserve))
            || (request.Has(AllocationType.ReservePlaceholder) && (request.Type != (AllocationType.Reserve | AllocationType.ReservePlaceholder) || request.Protection != PageProtection.NoAccess))
            || (request.Has(AllocationType.ReplacePlaceholder) && request.Base == 0)
            || ((request.Parameters & ParameterArray.Requirements) != 0 && !AreRequirements(request));
        return wrong ? NtStatus.InvalidParameter : NtStatus.Success;
    }

    private bool AreRequirements(in MemoryRequest request)
    {
        ulong lowest = request.Lowest;
        ulong highest = request.Highest;
        ulong alignment = request.Alignment;
        return request.Base == 0
            && request.Has(AllocationType.Reserve)
            && (lowest & GranularityMask) == 0 && lowest <= limits.HighestUser
            && (highest == 0 || ((highest & PageMask) == PageMask && highest <= limits.HighestUser && lowest < highest))
            && (alignment == 0 || (BitOperations.IsPow2(alignment) && alignment >= PageSize.GranularityBytes));
    }

    private NtStatus FindHole(in MemoryRequest request, VadTree vads, out Vpn start, out Vpn end)
    {
        ulong pages = PageSize.PagesOf(request.Size);
        ulong lowest = Math.Max(AddressLimits.Lowest.Value, request.Lowest >> PageSize.Shift);
        ulong highest = Math.Min(HighestFor(request.ZeroBits, limits).Value, request.Highest == 0 ? ulong.MaxValue : request.Highest >> PageSize.Shift);
        ulong alignment = Math.Max(PageSize.GranularityPages, request.Alignment >> PageSize.Shift);
        alignment = request.Has(AllocationType.LargePages) ? Math.Max(alignment, LargePageBytes >> PageSize.Shift) : alignment;
        bool found = vads.TryFindHole(pages, new Vpn(lowest), new Vpn(highest), request.Has(AllocationType.TopDown), alignment, out start);
        end = found ? new Vpn(start.Value + pages - 1) : default;
        return found ? NtStatus.Success : NtStatus.NoMemory;
    }

    /// <summary>How many of the highest bits of a 32-bit address must be zero; on 64 bits also a mask of the bits that may be set.</summary>
    public static bool AreZeroBits(ulong zeroBits, Platform platform) => zeroBits <= MostZeroBits || (platform.Is64Bit && zeroBits >= WordBits);

    /// <summary>The last page that zero bits allow.</summary>
    public static Vpn HighestFor(ulong zeroBits, AddressLimits limits)
    {
        ulong highest = zeroBits switch
        {
            0 => ulong.MaxValue,
            MostZeroBits => 0,
            < WordBits => (1UL << (WordBits - (int)zeroBits)) - 1,
            _ => ulong.MaxValue >> BitOperations.LeadingZeroCount(zeroBits),
        };
        return new VirtualAddress(Math.Min(highest, limits.HighestVad)).Page;
    }

    private static bool IsWriteCopy(PageProtection protection) =>
        (protection & (PageProtection.WriteCopy | PageProtection.ExecuteWriteCopy)) != 0;
}
