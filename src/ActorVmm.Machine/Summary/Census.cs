using ActorVmm.Actors;
using ActorVmm.Kernel;
using ActorVmm.Protocol;
using ActorVmm.Runtime;

namespace ActorVmm.Machine.Summary;

/// <summary>
/// A machine's numbers between two turns, read from the counters of its actors: nothing is added to a turn for it.
/// </summary>
public sealed record Census
{
    private const int FaultKinds = (int)FaultKind.AccessViolation + 1;

    public required Ticks Now { get; init; }

    public required HostStatistics Host { get; init; }

    public required FaultCounts Faults { get; init; }

    public required PageCounts Pages { get; init; }

    public required PagingCounts PagingFiles { get; init; }

    public required CommitCounts Commit { get; init; }

    public static Census Of(SimulatedMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        Span<long> faults = stackalloc long[FaultKinds];
        long accesses = 0;
        long pageFaults = 0;
        long kept = 0;
        foreach (Process process in machine.Processes)
        {
            accesses += process.Accesses;
            pageFaults += process.PageFaults;
            kept += process.FramesKept;
            ReadOnlySpan<long> own = process.Faults;
            for (int kind = 0; kind < own.Length; kind++)
            {
                faults[kind] += own[kind];
            }
        }

        return new Census
        {
            Now = machine.Host.Now,
            Host = machine.Host.Statistics,
            Faults = new FaultCounts(accesses, pageFaults, faults),
            Pages = PagesOf(machine, kept),
            PagingFiles = new PagingCounts(
                machine.PagingFiles.Sum(file => (long)file.PageReads),
                machine.PagingFiles.Sum(file => (long)file.PagesInput),
                machine.PagingFiles.Sum(file => (long)file.PageWrites),
                machine.PagingFiles.Sum(file => (long)file.PagesOutput)),
            Commit = new CommitCounts(machine.SystemSpace.Total, machine.SystemSpace.Peak, machine.SystemSpace.Limit),
        };
    }

    /// <summary>
    /// Processes by what they did: all in order of start, or the busiest when there are too many to list.
    /// </summary>
    public static ProcessList ProcessesOf(SimulatedMachine machine, int cap = ProcessList.Cap, int busiest = ProcessList.Busiest)
    {
        ArgumentNullException.ThrowIfNull(machine);
        IReadOnlyList<Process> all = machine.Processes;
        IEnumerable<int> listed = Enumerable.Range(0, all.Count);
        if (all.Count > cap)
        {
            listed = BusiestOf(all, busiest);
        }

        return new ProcessList([.. listed.Select(index => CountsOf(machine, index))], all.Count);
    }

    private static List<int> BusiestOf(IReadOnlyList<Process> all, int most)
    {
        // The queue holds the busiest so far, the least busy of them first.
        var busiest = new PriorityQueue<int, (long Accesses, int Later)>();
        for (int index = 0; index < all.Count; index++)
        {
            (long, int) priority = (all[index].Accesses, -index);
            if (busiest.Count < most)
            {
                busiest.Enqueue(index, priority);
            }
            else
            {
                busiest.EnqueueDequeue(index, priority);
            }
        }

        var listed = new List<int>();
        while (busiest.TryDequeue(out int index, out _))
        {
            listed.Add(index);
        }

        listed.Reverse();
        return listed;
    }

    private static ProcessCounts CountsOf(SimulatedMachine machine, int index)
    {
        Process process = machine.Processes[index];
        return new ProcessCounts(
            process.Plan.Name, process.Accesses, process.PageFaults, HardFaultsOf(process), process.WorkingSetPages, process.PeakWorkingSetPages);
    }

    private static long HardFaultsOf(Process process) =>
        process.Faults.Length > (int)FaultKind.Hard ? process.Faults[(int)FaultKind.Hard] : 0;

    /// <summary>
    /// Frames that processes keep ready were granted, so the PFN database calls them active; nobody uses them, so they count as zeroed.
    /// </summary>
    private static PageCounts PagesOf(SimulatedMachine machine, long kept)
    {
        long Count(PageLocation location) => machine.PfnDatabase.CountOf(location);
        return new PageCounts
        {
            Active = Count(PageLocation.Active) - kept,
            Standby = [.. Enumerable.Range(0, 8).Select(priority => (long)machine.PfnDatabase.StandbyOf(priority))],
            Modified = Count(PageLocation.Modified),
            ModifiedNoWrite = Count(PageLocation.ModifiedNoWrite),
            Transition = Count(PageLocation.Transition),
            Zeroed = Count(PageLocation.Zeroed) + kept,
            Free = Count(PageLocation.Free),
            Bad = Count(PageLocation.Bad),
            Total = machine.Plan.Frames,
        };
    }
}
