using System.Runtime.CompilerServices;

namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>The forms of a page-table entry, in the order in which an invalid one is decided (fact book §14.1).</summary>
public enum PteForm : byte
{
    /// <summary>The processor translates through it.</summary>
    Valid,

    /// <summary>Points to a prototype PTE (sections).</summary>
    Prototype,

    /// <summary>A hint: the page was in this frame when the PTE was written.</summary>
    Transition,

    /// <summary>The page is in a slot of a paging file.</summary>
    PagingFile,

    /// <summary>Committed, accessible, never touched or thrown away: a page of zeros on access.</summary>
    DemandZero,

    /// <summary>Committed, but not to be accessed.</summary>
    NoAccess,

    /// <summary>Was committed once.</summary>
    Decommitted,

    /// <summary>Ask the VAD.</summary>
    Zero,
}

/// <summary>
/// A 64-bit x64 page-table entry with Windows' bit layout (fact book §14.2). In a transition PTE, bits 48 to 63, which Windows
/// leaves unused, hold the generation of the hint.
/// </summary>
public readonly record struct Pte(ulong Value)
{
    private const ulong ValidBit = 1UL << 0;
    private const ulong HardwareWriteBit = 1UL << 1;
    private const ulong OwnerBit = 1UL << 2;
    private const ulong AccessedBit = 1UL << 5;
    private const ulong DirtyBit = 1UL << 6;
    private const ulong CopyOnWriteBit = 1UL << 9;
    private const ulong PrototypeBit = 1UL << 10;
    private const ulong TransitionBit = 1UL << 11;
    private const int WriteShift = 11;
    private const ulong WriteBit = 1UL << WriteShift;
    private const ulong ExecuteOnlyKeyBit = 1UL << 59;
    private const int NoExecuteShift = 63;
    private const ulong NoExecuteBit = 1UL << NoExecuteShift;
    private const int ProtectionShift = 5;
    private const ulong ProtectionMask = 0x1FUL << ProtectionShift;
    private const int PfnShift = 12;
    private const ulong PfnMask = 0xF_FFFF_FFFFUL << PfnShift;
    private const int GenerationShift = 48;
    private const int PagingFileShift = 1;
    private const ulong PagingFileMask = 0xFUL << PagingFileShift;
    private const int PagingFilePageShift = 32;
    private const ulong AskVad = 0xFFFF_FFFFUL << 32;
    private const ulong OrderedBit = 1UL << 52;

    private const ulong LargePageBit = 1UL << 7;

    public static readonly Pte Zero;

    /// <summary>A PTE the processor translates through. The first store to a writable page sets the dirty bits (fact book §14.2).</summary>
    public static Pte ForValid(Pfn frame, ProtectionCode protection) => new(
        ValidBit | OwnerBit | AccessedBit
        | ((ulong)frame.Value << PfnShift)
        | (protection.CanWrite && !protection.IsCopyOnWrite ? WriteBit : 0)
        | (protection.IsCopyOnWrite ? CopyOnWriteBit : 0)
        | (protection.CanExecute ? 0 : NoExecuteBit));

    public static Pte ForTransition(Pfn frame, ProtectionCode protection, Generation generation) => new(
        TransitionBit | OwnerBit
        | ((ulong)protection.Value << ProtectionShift)
        | ((ulong)frame.Value << PfnShift)
        | ((ulong)generation.Value << GenerationShift));

    public static Pte ForPagingFile(PagingFileSlot slot, ProtectionCode protection) => new(
        ((ulong)slot.File << PagingFileShift)
        | ((ulong)protection.Value << ProtectionShift)
        | ((ulong)slot.Page << PagingFilePageShift));

    public static Pte ForDemandZero(ProtectionCode protection) => new((ulong)protection.Value << ProtectionShift);

    /// <summary>A page of a section; which one, the VAD says (fact book §14.2).</summary>
    public static Pte ForPrototype(ProtectionCode protection) => new(PrototypeBit | AskVad | ((ulong)protection.Value << ProtectionShift));

    /// <summary>A PTE that maps a page of a section.</summary>
    /// <param name="frame">Its frame.</param>
    /// <param name="protection">What this process may do.</param>
    /// <param name="ordered">Loads and stores go through the section, because others may store to the page.</param>
    public static Pte ForShared(Pfn frame, ProtectionCode protection, bool ordered) =>
        new(ForValid(frame, protection).Value | PrototypeBit | (ordered ? OrderedBit : 0));

    public static readonly Pte Decommitted = ForDemandZero(ProtectionCode.Decommitted);

    /// <summary>Whether it maps a large page, one level up from PTEs.</summary>
    public bool IsLargePage => IsValid && (Value & LargePageBit) != 0;

    /// <summary>The same entry, one level up, for the whole large page.</summary>
    public Pte AsLargePage => new(Value | LargePageBit);

    public bool IsValid
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (Value & ValidBit) != 0;
    }

    /// <summary>Whether the page table must stay in memory because of this entry: it is valid or a hint (fact book §2.3).</summary>
    public bool IsResident => (Value & ValidBit) != 0 || (Value & (PrototypeBit | TransitionBit)) == TransitionBit;

    public PteForm Form
    {
        get
        {
            if ((Value & ValidBit) != 0)
            {
                return PteForm.Valid;
            }

            if ((Value & PrototypeBit) != 0)
            {
                return PteForm.Prototype;
            }

            if ((Value & TransitionBit) != 0)
            {
                return PteForm.Transition;
            }

            if (Value >> PagingFilePageShift != 0)
            {
                return PteForm.PagingFile;
            }

            if (Value == 0)
            {
                return PteForm.Zero;
            }

            return Protection == ProtectionCode.Decommitted ? PteForm.Decommitted
                : Protection == ProtectionCode.NoAccess ? PteForm.NoAccess
                : PteForm.DemandZero;
        }
    }

    public Pfn Pfn => new((uint)((Value & PfnMask) >> PfnShift));

    /// <summary>Of an invalid PTE; a valid one keeps its code in the working-set entry.</summary>
    public ProtectionCode Protection => new((byte)((Value & ProtectionMask) >> ProtectionShift));

    public Generation Generation => new((ushort)(Value >> GenerationShift));

    public PagingFileSlot Slot => new((uint)((Value & PagingFileMask) >> PagingFileShift), (uint)(Value >> PagingFilePageShift));

    public bool IsWritable => (Value & WriteBit) != 0;

    public bool IsCopyOnWrite => (Value & CopyOnWriteBit) != 0;

    /// <summary>Of a valid PTE: it maps a page of a section, and holds a share of it.</summary>
    public bool IsShared => (Value & (ValidBit | PrototypeBit)) == (ValidBit | PrototypeBit);

    /// <summary>Of a valid PTE: accesses through it are ordered by the section.</summary>
    public bool IsOrdered => (Value & (ValidBit | OrderedBit)) == (ValidBit | OrderedBit);

    public bool IsExecutable => (Value & NoExecuteBit) == 0;

    public bool IsAccessed => (Value & AccessedBit) != 0;

    public bool IsDirty => (Value & DirtyBit) != 0;

    /// <summary>
    /// The page has a protection key under which no data is read or written (bits 59 to 62 are the key, on processors that have them).
    /// </summary>
    public bool IsExecuteOnly => (Value & ExecuteOnlyKeyBit) != 0;

    /// <summary>The same valid PTE with or without that key.</summary>
    public Pte WithExecuteOnly(bool only) => new(only ? Value | ExecuteOnlyKeyBit : Value & ~ExecuteOnlyKeyBit);

    public Pte WithAccessed => new(Value | AccessedBit);

    public Pte WithoutAccessed => new(Value & ~AccessedBit);

    /// <summary>As the first store leaves it: dirty, and writable for the hardware too.</summary>
    public Pte WithDirty => new(Value | DirtyBit | HardwareWriteBit | AccessedBit);

    /// <summary>As if nobody had stored to the page: the next store shows again.</summary>
    public Pte WithoutDirty => new(Value & ~(DirtyBit | HardwareWriteBit));

    /// <summary>Whether the processor translates this access through it: valid, and writable or executable where that is asked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Permits(AccessKind access)
    {
        // Read is 0, Write 1 and Execute 2: no branch, which would be guessed wrong for every other access.
        ulong asked = ValidBit | (((ulong)access & 1) << WriteShift) | ((ulong)access >> 1 << NoExecuteShift);
        return ((Value ^ NoExecuteBit) & asked) == asked;
    }

    /// <summary>As an access leaves it: accessed, and after a store <see cref="WithDirty"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Pte After(AccessKind access) => new(Value | AccessedBit | (unchecked(0UL - ((ulong)access & 1)) & (DirtyBit | HardwareWriteBit)));

    /// <summary>The same valid PTE with other rights; whether it was accessed and stored to stays known.</summary>
    public Pte WithRights(ProtectionCode protection) => new(
        (Value & ~(WriteBit | HardwareWriteBit | CopyOnWriteBit | NoExecuteBit))
        | (ForValid(Pfn, protection).Value & (WriteBit | CopyOnWriteBit | NoExecuteBit))
        | (protection.CanWrite && !protection.IsCopyOnWrite && IsDirty ? HardwareWriteBit : 0));

    /// <summary>The same invalid PTE with another protection.</summary>
    public Pte WithProtection(ProtectionCode protection) => new((Value & ~ProtectionMask) | ((ulong)protection.Value << ProtectionShift));
}
