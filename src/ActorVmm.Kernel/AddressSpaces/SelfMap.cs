namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>
/// Where page tables are found in the address space itself, and with that how many levels of them there are (fact book §2.2, §2.3). An
/// entry of the top table points to that table, so every table is a page of one region, with a page number like any other page, and its
/// own PTE in the table one level up. On x64 it is entry 0x1ED of four levels (before Windows 10 1607); on x86 entry 0x300 of two; with
/// PAE the last of four page directories holds the entries of all four, and counts as the top. 32-bit addresses are written as a
/// debugger writes them, with their sign extended, so that a table page never has the number of a user page.
/// </summary>
public readonly record struct SelfMap
{
    public static readonly SelfMap X64 = new(levels: 4, indexBits: 9, pageNumberBits: 36, first: 0xFFFF_F680_0000_0000, root: 0xFFFF_F6FB_7DBE_D000);

    public static readonly SelfMap X86 = new(levels: 2, indexBits: 10, pageNumberBits: 20, first: 0xFFFF_FFFF_C000_0000, root: 0xFFFF_FFFF_C030_0000);

    public static readonly SelfMap X86Pae = new(levels: 3, indexBits: 9, pageNumberBits: 20, first: 0xFFFF_FFFF_C000_0000, root: 0xFFFF_FFFF_C060_3000);

    /// <summary>
    /// The prototype PTEs of a section: 512 to a page of paged pool. Nothing of the section stands above those pages; they are numbered like
    /// tables, so that they count as such.
    /// </summary>
    public static readonly SelfMap Prototypes = new(levels: 1, indexBits: 9, pageNumberBits: 36, first: 0xFFFF_F680_0000_0000, root: 0xFFFF_F680_0000_0000);

    /// <summary>Where the lowest of the regions begins. Nothing but tables has a page number from there on.</summary>
    private const ulong FirstTable = 0xFFFF_F680_0000_0000 >> PageSize.Shift;

    private const ulong EndOfX64 = 0xFFFF_F700_0000_0000 >> PageSize.Shift;
    private const ulong FirstOfX86 = 0xFFFF_FFFF_C000_0000 >> PageSize.Shift;
    private const ulong EndOfX86 = FirstOfX86 + (0x80_0000 >> PageSize.Shift);

    private static readonly string[] _entryNames = ["PXE", "PPE", "PDE", "PTE"];

    private readonly ulong _pageNumberMask;
    private readonly ulong _first;
    private readonly int _indexBits;

    private SelfMap(int levels, int indexBits, int pageNumberBits, ulong first, ulong root)
    {
        Levels = levels;
        _indexBits = indexBits;
        _pageNumberMask = (1UL << pageNumberBits) - 1;
        _first = first >> PageSize.Shift;
        Root = new VirtualAddress(root).Page;
    }

    public static SelfMap Of(ProcessorArchitecture architecture) => architecture switch
    {
        ProcessorArchitecture.X64 => X64,
        ProcessorArchitecture.X86 => X86,
        ProcessorArchitecture.X86Pae => X86Pae,
    };

    /// <summary>Levels of tables.</summary>
    public int Levels { get; }

    /// <summary>What Windows calls the entry of each level, the top one first.</summary>
    public IReadOnlyList<string> EntryNames => _entryNames[^Levels..];

    /// <summary>The top table: the only page that is its own table.</summary>
    public Vpn Root { get; }

    /// <summary>Whether a table has no table above it.</summary>
    public bool IsTop(Vpn tablePage) => Levels == 1 || tablePage == Root;

    /// <summary>Entries in one table.</summary>
    public int EntriesPerTable => 1 << _indexBits;

    /// <summary>Bytes of an entry.</summary>
    public int BytesPerEntry => PageSize.Bytes >> _indexBits;

    /// <summary>Whether this is a table page, on whatever architecture.</summary>
    public static bool Contains(Vpn page) => page.Value >= FirstTable && (page.Value < EndOfX64 || page.Value is >= FirstOfX86 and < EndOfX86);

    /// <summary>The table page that holds the PTE of <paramref name="page"/>.</summary>
    public Vpn TableOf(Vpn page) => new(_first + ((page.Value & _pageNumberMask) >> _indexBits));

    /// <summary>The indices of a page walk, top table first.</summary>
    public int[] Indices(Vpn page)
    {
        var indices = new int[Levels];
        ulong rest = page.Value & _pageNumberMask;
        for (int level = Levels - 1; level >= 0; level--)
        {
            indices[level] = (int)(rest & ((1UL << _indexBits) - 1));
            rest >>= _indexBits;
        }

        return indices;
    }
}
