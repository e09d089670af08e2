using ActorVmm.Actors;
using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.WorkingSets;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.WorkingSets;

/// <summary>A working set with the page tables and the TLB it looks at, and nothing else of a process.</summary>
internal sealed class Desk(Replacement policy, int frames)
{
    private readonly PageTables _tables = new(SelfMap.X64);
    private readonly Tlb _tlb = new();
    private int _frames = frames;

    public WorkingSet Set { get; } = new();

    public List<int> Resident
    {
        get
        {
            List<int> pages = [];
            for (int index = 1; index < Set.Limit; index++)
            {
                if (Set[index].Valid)
                {
                    pages.Add((int)Set[index].Page.Value);
                }
            }

            pages.Count.ShouldBe(Set.Count);
            return pages;
        }
    }

    public Fingerprint State
    {
        get
        {
            var hasher = new StateHasher();
            Set.Encode(hasher);
            return hasher.Build();
        }
    }

    /// <summary>Accesses a page; true: it was a fault.</summary>
    public bool Access(int page, int? nextUse)
    {
        int cell = _tables.CellOf(new Vpn((uint)page));
        bool fault = !_tables.Pte(cell).IsValid;
        if (fault)
        {
            if (Set.Count >= _frames)
            {
                Unmap(Set.ChooseVictim(policy, _tables, _tlb));
            }

            _tables.Write(cell, Pte.ForValid(new Pfn((uint)page), ProtectionCode.ReadWrite));
            _tables.WorkingSetIndex(cell) = (uint)Set.Add(new Vpn((uint)page), cell, ProtectionCode.ReadWrite);
        }

        // The faulting access is retried, so the bit is set when a page is loaded.
        _tables.Pte(cell) = _tables.Pte(cell).WithAccessed;
        int index = (int)_tables.WorkingSetIndex(cell);
        if (policy == Replacement.Lru)
        {
            Set.MakeLast(index);
        }

        if (policy == Replacement.Opt && nextUse is { } next)
        {
            Set.SetNextUse(index, next);
        }

        return fault;
    }

    /// <summary>Trims as on one pass, at most so many; returns which pages went.</summary>
    public List<int> Pass(int leastAge, int goal = int.MaxValue)
    {
        List<int> gone = [];
        int remaining = Set.Limit - 1;
        while (gone.Count < goal && Set.NextToTrim(leastAge, ref remaining, _tables, _tlb) is var index and not WorkingSet.None)
        {
            gone.Add((int)Set[index].Page.Value);
            Unmap(index);
        }

        return gone;
    }

    public void TakeOver(Desk desk)
    {
        ActorBench.Copy(desk.Set, Set);
        ActorBench.Copy(desk._tables, _tables);
        _frames = desk._frames;
    }

    private void Unmap(int index)
    {
        _tables.Write(Set[index].Cell, Pte.Zero);
        Set.Remove(index);
    }
}
