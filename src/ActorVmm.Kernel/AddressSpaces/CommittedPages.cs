namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>
/// Which pages of a VAD are committed, from its PTEs: where the whole VAD was committed when it was made, a zero PTE means
/// committed, elsewhere it means reserved (fact book §3).
/// </summary>
internal static class CommittedPages
{
    public static bool IsCommitted(in Vad vad, Pte pte) => pte.Form switch
    {
        PteForm.Zero => vad.MemCommit,
        PteForm.Decommitted => false,
        PteForm.Valid or PteForm.Prototype or PteForm.Transition or PteForm.PagingFile or PteForm.DemandZero or PteForm.NoAccess => true,
    };

    public static ulong Count(in Vad vad, Vpn start, Vpn end, PageTables tables)
    {
        ulong different = 0;
        foreach (int cell in new CellsInRange(tables, start, end))
        {
            Pte pte = tables.Pte(cell);
            if (IsCommitted(vad, pte) != vad.MemCommit)
            {
                different++;
            }
        }

        return vad.MemCommit ? end.Value - start.Value + 1 - different : different;
    }

    /// <summary>Whether every page of the range is committed.</summary>
    public static bool All(in Vad vad, Vpn start, Vpn end, PageTables tables) => Count(vad, start, end, tables) == end.Value - start.Value + 1;

    /// <summary>The protection of one committed page as a 5-bit code.</summary>
    public static ProtectionCode ProtectionOf(in Vad vad, Vpn page, AddressSpace space)
    {
        int cell = space.Tables.FindCell(page);
        Pte pte = cell < 0 ? Pte.Zero : space.Tables.Pte(cell);
        return pte.IsValid && vad.Kind == VadKind.LargePages ? vad.Protection
            : pte.IsValid ? space.WorkingSet[(int)space.Tables.WorkingSetIndex(cell)].Protection
            : pte == Pte.Zero ? space.UntouchedProtection(vad, page)
            : pte.Protection;
    }
}

/// <summary>
/// The cells of all PTEs that exist for a range of pages: page by page where the range is small, chunk by chunk of what exists
/// where the range is larger than that.
/// </summary>
internal readonly struct CellsInRange(PageTables tables, Vpn start, Vpn end)
{
    public Enumerator GetEnumerator() => new(tables, start, end);

    internal struct Enumerator(PageTables tables, Vpn start, Vpn end)
    {
        private readonly bool _byChunk = (end.Value - start.Value) / PageTables.ChunkLength > (ulong)tables.ChunkCount;
        private ulong _page = start.Value;
        private int _cell = -1;

        public int Current { get; private set; }

        public bool MoveNext() => _byChunk ? NextOfChunks() : NextOfPages();

        private bool NextOfPages()
        {
            while (_page <= end.Value)
            {
                int cell = tables.FindCell(new Vpn(_page));
                if (cell >= 0)
                {
                    Current = cell;
                    _page++;
                    return true;
                }

                _page = (_page | (PageTables.ChunkLength - 1)) + 1;
            }

            return false;
        }

        private bool NextOfChunks()
        {
            int cells = tables.ChunkCount * PageTables.ChunkLength;
            while (++_cell < cells)
            {
                ulong page = tables.PageOf(_cell).Value;
                if (page >= start.Value && page <= end.Value)
                {
                    Current = _cell;
                    return true;
                }
            }

            return false;
        }
    }
}
