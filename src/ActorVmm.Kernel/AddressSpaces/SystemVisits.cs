using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel;

/// <summary>
/// What it costs to enter the system, in translations (fact book §2.4). Where system space is mapped into every process, its translations are
/// global: a system call finds them, and leaves those of the process alone; a context switch drops only the process's. Where the system
/// has tables of its own, entering and leaving it each load others, so that every call begins with misses, and so does going on after
/// it. Each quantum is taken as beginning with a context switch, as on a machine with more threads than processors.
/// </summary>
public sealed partial class Process
{
    /// <summary>Pages of system space that the dispatcher touches when it switches to a thread.</summary>
    private const int PagesPerSwitch = 4;

    /// <summary>Cells of a second-level TLB; a small one would measure collisions of pages, not of address spaces.</summary>
    private const int TlbLength = 1024;

    /// <summary>Where the system's code and data begin, as far as calls touch them.</summary>
    private static readonly Vpn _systemImage = new VirtualAddress(0xFFFF_8000_0040_0000).Page;

    /// <summary>What visits to the system have cost; null when that is not measured.</summary>
    public SystemVisitCounts? SystemVisits => _counters?.Visits?.Counts;

    private void SwitchContext(Outbox outbox)
    {
        if (_plan.SystemMapping == SystemMapping.NotMeasured)
        {
            return;
        }

        Tlb tlb = Space.Tlb;
        SystemVisits visits = Counters.Visits ??= new SystemVisits();
        visits.NoteUserMisses(tlb.Misses);
        tlb.BeAsLargeAs(TlbLength);
        tlb.FlushAll(keepGlobal: _plan.SystemMapping == SystemMapping.Shared);
        visits.Counts.Switches++;
        visits.Counts.SwitchMisses += Visit(visits, PagesPerSwitch, outbox);
    }

    /// <summary>A system call, or a fault: the processor enters the system and comes back.</summary>
    private void EnterSystem(Outbox outbox)
    {
        if (_plan.SystemMapping == SystemMapping.NotMeasured)
        {
            return;
        }

        Tlb tlb = Space.Tlb;
        SystemVisits visits = Counters.Visits ??= new SystemVisits();
        visits.NoteUserMisses(tlb.Misses);
        bool separate = _plan.SystemMapping == SystemMapping.Separate;
        if (separate)
        {
            tlb.FlushAll(keepGlobal: false);
        }

        visits.Counts.Calls++;
        visits.Counts.CallMisses += Visit(visits, Math.Clamp(_machine.Policy.SystemPagesPerCall, 1, 48), outbox);
        if (separate)
        {
            tlb.FlushAll(keepGlobal: false);
        }
    }

    private int Visit(SystemVisits visits, int pages, Outbox outbox)
    {
        Tlb tlb = Space.Tlb;
        int misses = 0;
        for (int page = 0; page < pages; page++)
        {
            misses += tlb.VisitsSystemPage(new Vpn(_systemImage.Value + (uint)page)) ? 0 : 1;
        }

        visits.Skip(tlb.Misses);
        outbox.Spend(new Ticks(misses * _machine.Costs.PageWalk));
        return misses;
    }
}
