using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Inspection;

namespace ActorVmm.Kernel;

/// <summary>A process as a debugger looks at it, between two turns.</summary>
public sealed partial class Process
{
    public ProcessView Inspect() => new()
    {
        Name = _plan.Name,
        Serial = _serial,
        State = _state,
        Limits = _plan.WorkingSet,
        Replacement = _plan.Replacement,
        MemoryPriority = _plan.MemoryPriority,
        KernelStacks = (CountStacks(StackPlace.Resident), CountStacks(StackPlace.Out)),
        WorkingSet = WorkingSetPages,
        PeakWorkingSet = PeakWorkingSetPages,
        PrivateCommit = PrivateCommit,
        VirtualPages = _space?.VirtualPages ?? 0,
        PeakVirtualPages = _space?.PeakVirtualPages ?? 0,
        PageTables = _space?.Tables.ChargedTables ?? 0,
        ResidentPageTables = ResidentTables(),
        FramesKept = FramesKept,
        Accesses = Accesses,
        PageFaults = PageFaults,
        Threads = [.. Enumerable.Range(0, _threadCount).Select(InspectThread)],
        Reads = _space is null ? [] : _space.InspectReads(),
        SoftFaults = _space is null ? [] : _space.InspectSoftFaults(),
    };

    /// <summary>Its descriptors, by address.</summary>
    public IReadOnlyList<VadView> InspectVads() =>
        _space is null ? [] : [.. Enumerable.Range(0, _space.Vads.Count).Select(index => InspectVad(_space.Vads[index]))];

    /// <summary>Follows an address through the page tables, as the processor does.</summary>
    public PageWalk Walk(Vpn page)
    {
        SelfMap map = SelfMap.Of(_machine.Platform.Architecture);
        int[] indices = map.Indices(page);
        var pages = new Vpn[map.Levels];
        pages[^1] = page;
        for (int level = pages.Length - 2; level >= 0; level--)
        {
            pages[level] = map.TableOf(pages[level + 1]);
        }

        var steps = new PageWalkStep[pages.Length];
        bool reached = true;
        for (int level = 0; level < steps.Length; level++)
        {
            Pte entry = EntryOf(pages[level]);
            var address = new VirtualAddress(map.TableOf(pages[level]).Start.Value + (ulong)(indices[level] * map.BytesPerEntry));
            steps[level] = new PageWalkStep(map.EntryNames[level], indices[level], address, entry, reached);
            reached &= entry.IsValid;
        }

        int vad = _space?.Vads.Find(page) ?? -1;
        if (vad >= 0 && _space!.Vads[vad].Kind == VadKind.LargePages && steps[^1].Entry.IsValid)
        {
            steps = WalkOfLargePage(page, steps);
        }

        return new PageWalk(page, steps, ProtectionOf(page, vad), vad < 0 ? null : InspectVad(_space!.Vads[vad]));
    }

    /// <summary>
    /// The processor's walk ends early: the PDE of a 2 MB page, the PPE of a 1 GB page maps it. Here its pages have PTEs all the same, which are not
    /// shown.
    /// </summary>
    private PageWalkStep[] WalkOfLargePage(Vpn page, PageWalkStep[] steps)
    {
        Vpn hugeStart = new(page.Value & ~(ulong)(HugePageFrames - 1));
        Pte first = EntryOf(hugeStart);
        Pte last = EntryOf(new Vpn(hugeStart.Value + HugePageFrames - 1));
        bool huge = first.IsValid && last.IsValid && first.Pfn.Value % HugePageFrames == 0 && last.Pfn.Value == first.Pfn.Value + HugePageFrames - 1;
        Vpn start = huge ? hugeStart : new Vpn(page.Value & ~(ulong)(LargePageFrames - 1));
        PageWalkStep[] shown = steps[..^(huge ? 2 : 1)];
        shown[^1] = shown[^1] with { Entry = EntryOf(start).AsLargePage };
        return shown;
    }

    /// <summary>Which of its pages, or page tables, is mapped to a frame; null when none is.</summary>
    public Vpn? PageIn(Pfn frame)
    {
        if (_space is null)
        {
            return null;
        }

        PageTables tables = _space.Tables;
        for (int index = 1; index < _space.WorkingSet.Limit; index++)
        {
            WorkingSets.WorkingSetEntry entry = _space.WorkingSet[index];
            if (entry.Valid && tables.Pte(entry.Cell).Pfn == frame)
            {
                return entry.Page;
            }
        }

        for (int row = 0; row < tables.TableCount; row++)
        {
            Pte entry = tables.Table(row).Entry;
            if (entry.IsValid && entry.Pfn == frame)
            {
                return tables.TablePageOf(row);
            }
        }

        return null;
    }

    private Pte EntryOf(Vpn page)
    {
        if (_space is null)
        {
            return Pte.Zero;
        }

        if (!SelfMap.Contains(page))
        {
            return _space.Tables.Read(page);
        }

        int row = _space.Tables.FindTable(page);
        return row < 0 ? Pte.Zero : _space.Tables.Table(row).Entry;
    }

    private PageProtection? ProtectionOf(Vpn page, int vad)
    {
        if (vad < 0 || !CommittedPages.IsCommitted(_space!.Vads[vad], _space.Tables.Read(page)))
        {
            return null;
        }

        return CommittedPages.ProtectionOf(_space.Vads[vad], page, _space).ToPageProtection();
    }

    private VadView InspectVad(Vad vad)
    {
        int valid = 0;
        int transition = 0;
        int pagedOut = 0;
        PageTables tables = _space!.Tables;
        foreach (int cell in new CellsInRange(tables, vad.Start, vad.End))
        {
            PteForm form = tables.Pte(cell).Form;
            valid += form == PteForm.Valid ? 1 : 0;
            transition += form == PteForm.Transition ? 1 : 0;
            pagedOut += form == PteForm.PagingFile ? 1 : 0;
        }

        return new VadView(vad.Start, vad.End, vad.CommitCharge, vad.AllocationProtection, vad.MemCommit)
        {
            Valid = valid, Transition = transition, PagedOut = pagedOut, Type = TypeOf(vad), Part = PartOf(vad),
        };
    }

    private MappedPart? PartOf(in Vad vad)
    {
        if (!vad.IsView)
        {
            return null;
        }

        View view = _space!.Views![vad.View];
        return new MappedPart(view.Section, view.First, view.Segment);
    }

    private string TypeOf(in Vad vad) => vad.Kind switch
    {
        _ when PartOf(vad) is { } part => part.Segment switch { SegmentKind.PagingFile => "Mapped", SegmentKind.Data => "Mapped file", SegmentKind.Image => "Mapped image" },
        VadKind.Awe => "Phys",
        VadKind.WriteWatch => "WriteWatch",
        VadKind.NonPagedPool => "NonPagedPool",
        VadKind.PagedPool => "PagedPool",
        VadKind.KernelStack => "KernelStack",
        VadKind.LargePages => "LargePage",
        _ => vad.MemCommit ? "Private commit" : "Private",
    };

    private ThreadView InspectThread(int index)
    {
        ThreadState thread = _threads[index];
        Vpn page = thread.Wait switch
        {
            ThreadWait.SoftFault or ThreadWait.InPage or ThreadWait.Prototype or ThreadWait.SharedAccess => thread.WaitPage,
            ThreadWait.Memory when thread.Fault != FaultProgress.None => thread.FaultPage,
            _ => default,
        };
        return new ThreadView(index, thread.Position, WordsOf(thread.Wait), page, index >= _plan.Threads.Count);
    }

    private static string WordsOf(ThreadWait wait) => wait switch
    {
        ThreadWait.None => "ready",
        ThreadWait.Memory => "memory",
        ThreadWait.TableCharge => "page-table charge",
        ThreadWait.SoftFault => "soft fault",
        ThreadWait.InPage => "page read",
        ThreadWait.AddressCreation => "address creation",
        ThreadWait.Commit => "commit charge",
        ThreadWait.StackCharge => "stack charge",
        ThreadWait.Pause => "timer",
        ThreadWait.Words => "words of a call",
        ThreadWait.Prototype => "section page",
        ThreadWait.SharedAccess => "shared access",
        ThreadWait.SectionCall => "section",
        ThreadWait.Partner => "answer to a call",
        ThreadWait.Ended => "ended",
    };

    private int CountStacks(StackPlace place)
    {
        int count = 0;
        for (int thread = 0; thread < (_space?.KernelStacks?.Count ?? 0); thread++)
        {
            count += _space!.KernelStacks![thread].Place == place ? 1 : 0;
        }

        return count;
    }

    private int ResidentTables()
    {
        int resident = 0;
        for (int row = 0; row < (_space?.Tables.TableCount ?? 0); row++)
        {
            resident += _space!.Tables.Table(row).Entry.IsValid ? 1 : 0;
        }

        return resident;
    }
}
