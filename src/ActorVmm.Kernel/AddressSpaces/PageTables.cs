using System.Runtime.CompilerServices;

namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>
/// The page tables of one process. Entries are kept in chunks of 64 behind one function; their levels, who owns which table
/// page, its frame and its counts, are accounting over the page number (architecture.md). A table page is a page: it has a PTE, is
/// charged, comes from the PFN database, can be trimmed when it maps nothing, and comes back by a fault.
/// </summary>
internal sealed class PageTables(SelfMap map) : IEncodable
{
    /// <summary>PTEs in a chunk.</summary>
    public const int ChunkLength = 64;

    private const int ChunkShift = 6;
    private const int ChunkMask = ChunkLength - 1;

    private ulong[] _chunkKeys = new ulong[1];
    private int[] _chunkTables = new int[1];
    private ulong[] _entries = new ulong[ChunkLength];
    private uint[] _workingSetIndices = new uint[ChunkLength];
    private ulong[] _stamps = new ulong[ChunkLength];
    private int _chunkCount;
    private PageIndex _chunkIndex = new(4);

    private ulong[] _tableKeys = new ulong[4];
    private TablePage[] _tables = new TablePage[4];
    private int _tableCount;
    private PageIndex _tableIndex = new(8);

    /// <summary>Where these tables are in the address space, and how many levels they have.</summary>
    public SelfMap Map => map;

    public int ChunkCount => _chunkCount;

    public int TableCount => _tableCount;

    /// <summary>Table pages that exist: in memory, on their way out, or paged out.</summary>
    public int ChargedTables { get; private set; }

    /// <summary>
    /// Where the PTE of <paramref name="page"/> is kept, made on first use. A cell stays where it is.
    /// </summary>
    public int CellOf(Vpn page)
    {
        int cell = FindCell(page);
        return cell >= 0 ? cell : AddChunk(page);
    }

    /// <summary>Where the PTE of <paramref name="page"/> is kept, or −1 when it and its neighbours are all zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FindCell(Vpn page)
    {
        int chunk = _chunkIndex.Find(page.Value >> ChunkShift, _chunkKeys);
        return chunk < 0 ? -1 : (chunk << ChunkShift) | (int)(page.Value & ChunkMask);
    }

    public Vpn PageOf(int cell) => new((_chunkKeys[cell >> ChunkShift] << ChunkShift) | (uint)(cell & ChunkMask));

    /// <summary>The PTE in a cell. Accessed and dirty bits may be set through the reference; a change of form goes through <see cref="Write"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Pte Pte(int cell) => ref Unsafe.As<ulong, Pte>(ref _entries[cell]);

    /// <summary>The PTE of <paramref name="page"/>, zero when there is none yet.</summary>
    public Pte Read(Vpn page)
    {
        int cell = FindCell(page);
        return cell < 0 ? AddressSpaces.Pte.Zero : new Pte(_entries[cell]);
    }

    /// <summary>Of a process: where in the working set the page stands. Of a section: how many PTEs of processes map it.</summary>
    public ref uint WorkingSetIndex(int cell) => ref _workingSetIndices[cell];

    /// <summary>What the page contained when it was last looked at: the process's own memory of its memory.</summary>
    public ref ulong Stamp(int cell) => ref _stamps[cell];

    /// <summary>The table row whose page holds this cell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref TablePage TableOfCell(int cell) => ref _tables[_chunkTables[cell >> ChunkShift]];

    public int TableRowOfChunk(int chunk) => _chunkTables[chunk];

    public ref TablePage Table(int row) => ref _tables[row];

    public Vpn TablePageOf(int row) => new(_tableKeys[row]);

    /// <summary>The row of a table page, made on first use together with those above it.</summary>
    public int RowOfTable(Vpn tablePage)
    {
        int row = FindTable(tablePage);
        if (row >= 0)
        {
            return row;
        }

        int parent = map.IsTop(tablePage) ? -1 : RowOfTable(map.TableOf(tablePage));
        if (_tableCount == _tables.Length)
        {
            Array.Resize(ref _tables, _tableCount * 2);
            Array.Resize(ref _tableKeys, _tableCount * 2);
        }

        row = _tableCount++;
        _tableKeys[row] = tablePage.Value;
        _tables[row] = new TablePage { Parent = parent };
        _tableIndex.Add(row, _tableKeys.AsSpan(0, _tableCount));
        return row;
    }

    public int FindTable(Vpn tablePage) => _tableIndex.Find(tablePage.Value, _tableKeys);

    /// <summary>Changes the form of a PTE and keeps the counts of its table: used entries, resident ones, valid ones.</summary>
    public void Write(int cell, Pte entry)
    {
        ref ulong old = ref _entries[cell];
        TableOfCell(cell).Count(new Pte(old), entry);
        old = entry.Value;
    }

    /// <summary>Changes the PTE of a table page, and the counts of the table above it.</summary>
    public void WriteTable(int row, Pte entry)
    {
        ref TablePage table = ref _tables[row];
        if (table.Parent >= 0)
        {
            _tables[table.Parent].Count(table.Entry, entry);
        }

        ChargedTables += (entry == AddressSpaces.Pte.Zero ? 0 : 1) - (table.Entry == AddressSpaces.Pte.Zero ? 0 : 1);
        table.Entry = entry;
    }

    public void Encode(StateCodec codec)
    {
        int chunks = _chunkCount;
        int cells = _chunkCount * ChunkLength;
        codec.Values("chunk keys", ref _chunkKeys, ref chunks);
        codec.Values("chunk tables", ref _chunkTables, ref chunks);
        codec.Values("ptes", ref _entries, ref cells);
        codec.Values("working-set indices", ref _workingSetIndices, ref cells);
        codec.Values("stamps", ref _stamps, ref cells);
        int tables = _tableCount;
        int charged = ChargedTables;
        codec.Values("table keys", ref _tableKeys, ref tables);
        codec.Rows("tables", ref _tables, ref tables);
        codec.Field("charged tables", ref charged);
        if (!codec.Restoring)
        {
            return;
        }

        _chunkCount = chunks;
        _tableCount = tables;
        ChargedTables = charged;
        _chunkIndex.Rebuild(_chunkKeys.AsSpan(0, chunks));
        _tableIndex.Rebuild(_tableKeys.AsSpan(0, tables));
    }

    private int AddChunk(Vpn page)
    {
        int table = RowOfTable(map.TableOf(page));
        if (_chunkCount == _chunkKeys.Length)
        {
            int chunks = _chunkCount * 2;
            Array.Resize(ref _chunkKeys, chunks);
            Array.Resize(ref _chunkTables, chunks);
            Array.Resize(ref _entries, chunks * ChunkLength);
            Array.Resize(ref _workingSetIndices, chunks * ChunkLength);
            Array.Resize(ref _stamps, chunks * ChunkLength);
        }

        int chunk = _chunkCount++;
        _chunkKeys[chunk] = page.Value >> ChunkShift;
        _chunkTables[chunk] = table;
        Array.Clear(_entries, chunk * ChunkLength, ChunkLength);
        Array.Clear(_workingSetIndices, chunk * ChunkLength, ChunkLength);
        Array.Clear(_stamps, chunk * ChunkLength, ChunkLength);
        _chunkIndex.Add(chunk, _chunkKeys.AsSpan(0, _chunkCount));
        return (chunk << ChunkShift) | (int)(page.Value & ChunkMask);
    }
}

/// <summary>A page of page-table entries: its own PTE, and how many of its entries are in which form.</summary>
internal struct TablePage : IEncodable
{
    /// <summary>Its own PTE, which stands in the table one level up.</summary>
    public Pte Entry;

    /// <summary>Row of that table; −1 for the top table.</summary>
    public int Parent;

    /// <summary>Entries that are not zero (UsedPageTableEntries, fact book §2.3); at 0 the page is freed.</summary>
    public ushort Used;

    /// <summary>Valid and transition entries; while there are any, the page stays in memory.</summary>
    public ushort Resident;

    /// <summary>Valid entries.</summary>
    public ushort Valid;

    /// <summary>What the page contained when it was last looked at.</summary>
    public ulong Stamp;

    public void Count(Pte old, Pte entry)
    {
        Used = (ushort)(Used + (entry.Value == 0 ? 0 : 1) - (old.Value == 0 ? 0 : 1));
        Resident = (ushort)(Resident + (entry.IsResident ? 1 : 0) - (old.IsResident ? 1 : 0));
        Valid = (ushort)(Valid + (entry.IsValid ? 1 : 0) - (old.IsValid ? 1 : 0));
    }

    public void Encode(StateCodec codec)
    {
        codec.Field("pte", ref Entry);
        codec.Field("parent", ref Parent);
        codec.Field("used", ref Used);
        codec.Field("resident", ref Resident);
        codec.Field("valid", ref Valid);
        codec.Field("stamp", ref Stamp);
    }
}
